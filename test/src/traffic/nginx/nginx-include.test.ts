import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  parseMarker,
  readInclude,
  writeInclude,
  type NginxInclude,
} from '../../../../src/traffic/nginx/nginx-include.ts'
import type { NginxPlan } from '../../../../src/traffic/nginx/nginx-plan.ts'
import { parseNginx } from '../../../../src/traffic/nginx/nginx-text.ts'
import { SEED } from '../../../support/effort.ts'

const MARKER = 'map $host $bagboy_traffic { default ""; }\n'
const upstream: NginxPlan = {
  kind: 'upstream',
  name: 'app',
  servers: { blue: ['10.0.0.11:80'], green: ['10.0.0.12:80', '10.0.0.13:80'] },
  variable: '$bagboy_traffic',
}
const split: NginxPlan = {
  kind: 'split_clients',
  name: '$slot',
  servers: { blue: ['app_blue'], green: ['app_green'] },
  variable: '$bagboy_traffic',
}
const UPSTREAM = `# weight=7 in a comment is none
upstream other { server 10.0.0.11:80 weight=5; }
upstream app {
    zone app 64k; server 10.0.0.11:80 max_fails=3;  # blue
    server 10.0.0.12:80 weight=2 down slow_start=30s;
    server 10.0.0.13:80 down;
    server 10.0.0.99:80 backup;
}
${MARKER}`
const SPLIT = `split_clients "\${remote_addr}; {" $slot { 0.5% app_green; * app_blue; }\n${MARKER}`

function taken(text: string, plan: NginxPlan): NginxInclude {
  const include = readInclude(text, plan)
  if ('problem' in include) throw new Error(include.problem)
  return include
}

describe('the include file of nginx', () => {
  test.each([
    ['an upstream', UPSTREAM, upstream, { blue: 1, green: 0 }],
    ['split_clients', SPLIT, split, { blue: 99.5, green: 0.5 }],
  ])('tells the weights of %s, and that nobody named it', (_title, text, plan, weights) => {
    expect(taken(text, plan)).toMatchObject({ weights, isMarked: false, marker: '' })
  })

  test('keeps everything but the weights and its name', () => {
    const written = writeInclude(UPSTREAM, upstream, { blue: 90, green: 10 }, 'abcd')

    expect(written.replace(/"blue=90 green=10 [0-9a-f]{16} abcd"/u, '""')).toBe(
      UPSTREAM.replace('max_fails=3;', 'max_fails=3 weight=90;')
        .replace('weight=2 down slow_start', 'weight=5  slow_start')
        .replace('13:80 down', '13:80 weight=5'),
    )
  })

  test('leaves who gets nothing out of split_clients, because nginx takes no 0 %', () => {
    const lines = (green: number): string =>
      /\$slot \{([^}]*)\}/u.exec(writeInclude(SPLIT, split, { blue: 100 - green, green }, '1'))?.[1]?.trim() ?? ''

    expect([lines(0), lines(100)]).toEqual(['* app_blue;', '* app_green;'])
    expect(lines(10)).toMatch(/^10% app_green;\s+\* app_blue;$/u)
  })

  test.each([
    ['upstream', UPSTREAM, upstream],
    ['split_clients', SPLIT, split],
  ] as const)('with %s reads back as what was written, in any order of writes', (_title, text, plan) => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 1, maxLength: 5 }), (shares) => {
        let current: string = text
        for (const green of shares) {
          current = writeInclude(current, plan, { blue: 100 - green, green }, 'ff')
          const include = taken(current, plan)

          expect(include.isMarked).toBe(true)
          expect(parseMarker(include.marker)).toEqual({ blue: 100 - green, green })
        }
      }),
      { seed: SEED },
    )
  })

  test('knows that one byte of it was changed by hand', () => {
    const written = writeInclude(UPSTREAM, upstream, { blue: 90, green: 10 }, 'abcd')

    expect(taken(written, upstream).isMarked).toBe(true)
    expect(taken(written.replace('# blue', '# Blue'), upstream).isMarked).toBe(false)
    expect(taken(written.replace('weight=90', 'weight=9'), upstream).isMarked).toBe(false)
  })

  test('has another name each time it is written', () => {
    const [first, second] = ['01', '02'].map((once) => writeInclude(UPSTREAM, upstream, { blue: 90, green: 10 }, once))

    expect(taken(first ?? '', upstream).marker).not.toBe(taken(second ?? '', upstream).marker)
  })

  test.each([
    ['a brace that is missing', 'upstream app {', upstream, /not a whole nginx configuration/u],
    ['a quote that is missing', `${UPSTREAM}map "x`, upstream, /not a whole nginx configuration/u],
    ['a brace too many', `${UPSTREAM}}`, upstream, /not a whole nginx configuration/u],
    ['another upstream', `upstream web { server a:1; }\n${MARKER}`, upstream, /no upstream block for app/u],
    ['a server too few', `upstream app { server 10.0.0.11:80; }\n${MARKER}`, upstream, /no server 10\.0\.0\.12:80/u],
    ['a server of nobody', UPSTREAM.replace(' backup', ''), upstream, /10\.0\.0\.99:80 that takes requests/u],
    ['no marker', UPSTREAM.replace(MARKER, ''), upstream, /no map \$host \$bagboy_traffic/u],
    ['a share of nobody', SPLIT.replace('app_green', 'other'), split, /sends a share to other/u],
    ['a share that is none', SPLIT.replace('0.5%', 'half'), split, /"half" that is no percentage/u],
    ['no share', SPLIT.replace('0.5% app_green; * app_blue;', ''), split, /nothing in its split_clients/u],
  ])('with %s is not worked with', (_title, text, plan, problem) => {
    expect(readInclude(text, plan)).toEqual({ problem: expect.stringMatching(problem) })
  })

  test('is parsed whatever stands in it, and never with an exception', () => {
    const piece = fc.constantFrom('{', '}', ';', ' ', '\n', '"', "'", '#', '\\', '$a', '${b}', 'server', 'x=1')
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const directives = parseNginx(pieces.join(''))

        expect(directives === undefined || Array.isArray(directives)).toBe(true)
      }),
      { seed: SEED, numRuns: 2000 },
    )
  })
})
