import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readTraefikFile, writeTraefikFile, type TraefikFile } from '../../../../src/traffic/traefik/traefik-file.ts'
import { SEED } from '../../../support/effort.ts'

const PLAN = { service: 'app', servers: { blue: 'app-blue', green: 'app-green' } }
const TEXT = `# weight: 5
http:
  services:
    app:
      weighted:
        services:
          - weight: 7 # of blue
            name: app-blue
          - { name: "app-green", weight: 3 }
          - { name: old, weight: 0 }
    other: { weighted: { services: [{ name: app-blue, weight: 9 }] } }
`

function taken(text: string): TraefikFile {
  const file = readTraefikFile(text, PLAN)
  if ('problem' in file) throw new Error(file.problem)
  return file
}

describe('the file of Traefik', () => {
  test('gets other weights and keeps every other byte', () => {
    const written = writeTraefikFile(taken(TEXT), { blue: 90, green: 10 })

    expect(taken(TEXT).weights).toEqual({ blue: 7, green: 3 })
    expect(written).toBe(TEXT.replace('weight: 7', 'weight: 90').replace('weight: 3', 'weight: 10'))
  })

  test('reads back as what was written, in any order of writes', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 1 }), (shares) => {
        let text: string = TEXT
        for (const green of shares) {
          text = writeTraefikFile(taken(text), { blue: 100 - green, green })

          expect(taken(text).weights).toEqual({ blue: 100 - green, green })
        }
      }),
      { seed: SEED },
    )
  })

  test.each([
    ['no YAML', 'http: [', /is not read: /u],
    ['a template', 'http: {{ range }}', /is not read: /u],
    ['another service', TEXT.replace('    app:', '    web:'), /no http\.services\.app\.weighted\.services/u],
    ['a slot too few', TEXT.replace('"app-green"', 'app-blue2'), /app-blue2.* belongs to no slot/u],
    ['a weight that is missing', TEXT.replace(', weight: 3', ''), /app-green with a whole weight/u],
    ['a weight in quotes', TEXT.replace('weight: 3', 'weight: "3"'), /app-green with a whole weight/u],
    ['a service of nobody', TEXT.replace('old, weight: 0', 'old, weight: 1'), /sends requests to "old"/u],
  ])('with %s is not worked with', (_title, text, problem) => {
    expect(readTraefikFile(text, PLAN)).toEqual({ problem: expect.stringMatching(problem) })
  })
})
