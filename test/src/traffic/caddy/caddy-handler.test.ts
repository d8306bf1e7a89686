import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { splitOf, type TrafficSplit } from '../../../../src/domain/traffic/traffic.ts'
import { caddy } from '../../../../src/traffic/caddy/provider.ts'
import { patchFor, readHandler, type CaddyHandler } from '../../../../src/traffic/caddy/caddy-handler.ts'
import { SEED } from '../../../support/effort.ts'

const SERVERS = { blue: ['a:1'], green: ['b:1', 'c:1'] }

function handler(over: object = {}): object {
  return {
    handler: 'reverse_proxy',
    load_balancing: { selection_policy: { policy: 'round_robin' } },
    upstreams: [{ dial: 'a:1' }],
    ...over,
  }
}

function taken(value: object): CaddyHandler {
  const read = readHandler(value, SERVERS)
  if ('problem' in read) throw new Error(read.problem)
  return read
}

function upstreamsFor(split: TrafficSplit): readonly { readonly dial: string }[] {
  const patch = patchFor(split, taken(handler()), SERVERS)
  if ('problem' in patch) throw new Error(patch.problem)
  return patch.value as unknown as readonly { readonly dial: string }[]
}

describe('the handler of Caddy', () => {
  test('counts how often each slot stands in the list', () => {
    const upstreams = ['a:1', 'b:1', 'c:1', 'a:1', 'a:1'].map((dial) => ({ dial }))

    expect(taken(handler({ upstreams })).weights).toEqual({ blue: 3, green: 2 })
  })

  test('gives its weights where it has some', () => {
    const weighted = handler({
      load_balancing: { selection_policy: { policy: 'weighted_round_robin', weights: [90, 5, 5] } },
      upstreams: [{ dial: 'a:1', max_requests: 7 }, { dial: 'b:1' }, { dial: 'c:1' }],
    })

    expect(taken(weighted).weights).toEqual({ blue: 90, green: 10 })
    expect(patchFor({ blue: 0, green: 100 }, taken(weighted), SERVERS)).toEqual({
      path: 'load_balancing/selection_policy',
      value: { policy: 'weighted_round_robin', weights: [0, 50, 50] },
    })
  })

  test('gets the shortest list that says the split, evenly mixed', () => {
    expect(upstreamsFor({ blue: 100, green: 0 })).toEqual([{ dial: 'a:1' }])
    expect(upstreamsFor({ blue: 50, green: 50 }).map(({ dial }) => dial)).toEqual(['a:1', 'b:1', 'c:1', 'a:1'])
  })

  test('reads back as what was written', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 100 }), (green) => {
        const upstreams = upstreamsFor({ blue: 100 - green, green })

        expect(upstreams.length).toBeLessThanOrEqual(200)
        const { weights } = taken(handler({ upstreams }))
        expect(Math.abs(splitOf(weights).green - green)).toBeLessThanOrEqual(1)
        expect(weights.green === 0).toBe(green === 0)
      }),
      { seed: SEED },
    )
  })

  test.each([
    ['another handler', { handler: 'file_server' }, /is no reverse_proxy/u],
    ['upstreams from elsewhere', { upstreams: undefined }, /is no reverse_proxy with a list/u],
    ['an upstream of nobody', { upstreams: [{ dial: 'x:1' }] }, /sends requests to x:1/u],
    ['settings that would be lost', { upstreams: [{ dial: 'a:1', max_requests: 3 }] }, /settings of its own for a:1/u],
  ])('with %s is not worked with', (_title, over, problem) => {
    expect(readHandler(handler(over), SERVERS)).toEqual({ problem: expect.stringMatching(problem) })
  })

  test('that chooses by something else than turns takes no share, and takes all or nothing', () => {
    const first = taken(handler({ load_balancing: { selection_policy: { policy: 'ip_hash' } } }))

    expect(patchFor({ blue: 90, green: 10 }, first, SERVERS)).toEqual({ problem: expect.stringMatching(/ip_hash/u) })
    expect(patchFor({ blue: 100, green: 0 }, first, SERVERS)).toHaveProperty('value', [{ dial: 'a:1' }])
  })
})

test('the admin API is asked where Caddy listens when the file says nothing else', () => {
  const servers = { blue: ['127.0.0.1:3000'], green: ['127.0.0.1:3001'] }

  expect(caddy.options.parse({ id: 'app', servers })).toMatchObject({ admin: 'http://127.0.0.1:2019' })
  expect(caddy.options.parse({ id: 'app', servers, admin: 'http://10.0.0.1:2019' })).toMatchObject({
    admin: 'http://10.0.0.1:2019',
  })
})

test.each([
  ['both of a server that stands twice', [{ dial: 'a:1' }, { dial: 'a:1' }, { dial: 'b:1' }]],
  ['all that are missing', [{ dial: 'a:1' }, { dial: 'b:1' }]],
])('weights cannot say a split over %s', (_what, upstreams) => {
  const weighted = handler({
    load_balancing: { selection_policy: { policy: 'weighted_round_robin', weights: upstreams.map(() => 1) } },
    upstreams,
  })

  expect(patchFor({ blue: 50, green: 50 }, taken(weighted), SERVERS)).toEqual({
    problem: 'needs every server in its upstreams, once',
  })
})
