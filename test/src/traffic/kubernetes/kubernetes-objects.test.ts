import { describe, expect, test } from 'vitest'
import {
  endpointSlices,
  httpRoute,
  routeProblems,
  routeWeights,
  serviceState,
  withWeights,
} from '../../../../src/traffic/kubernetes/kubernetes-objects.ts'

const SERVERS = { blue: 'app-blue', green: 'app-green' }

function route(over: object = {}) {
  const condition = { type: 'Accepted', status: 'True', reason: 'Accepted', observedGeneration: 3 }
  return httpRoute.parse({
    metadata: { name: 'app', uid: 'u', resourceVersion: '7', generation: 3 },
    spec: {
      rules: [
        { filters: [{ type: 'RequestRedirect' }] },
        {
          matches: [],
          backendRefs: [
            { name: 'app-blue', port: 80, weight: 9 },
            { name: 'app-green', port: 80 },
          ],
        },
      ],
    },
    status: { parents: [{ controllerName: 'g', conditions: [condition] }] },
    ...over,
  })
}

describe('an HTTPRoute', () => {
  test('counts a backendRef without a weight as one', () => {
    expect(routeWeights(route(), 1, SERVERS)).toEqual({ blue: 9, green: 1 })
  })

  test('is patched in its weights and in nothing else', () => {
    const rules = withWeights(route(), 1, SERVERS, { blue: 50, green: 50 })

    expect(rules).toEqual([
      { filters: [{ type: 'RequestRedirect' }] },
      {
        matches: [],
        backendRefs: [
          { name: 'app-blue', port: 80, weight: 50 },
          { name: 'app-green', port: 80, weight: 50 },
        ],
      },
    ])
  })

  test.each([
    ['a rule that is not there', 5, SERVERS, /no backendRef app-blue in rule 5/u],
    ['a slot that is not there', 1, { blue: 'app-blue', green: 'app-red' }, /no backendRef app-red in rule 1/u],
  ])('with %s is not worked with', (_title, rule, servers, problem) => {
    expect(routeWeights(route(), rule, servers)).toEqual({ problem: expect.stringMatching(problem) })
  })

  test('that sends requests to somebody else is not worked with', () => {
    const spec = { rules: [{ backendRefs: ['app-blue', 'app-green', 'app-old'].map((name) => ({ name })) }] }

    expect(routeWeights(route({ spec }), 0, SERVERS)).toEqual({ problem: expect.stringMatching(/app-old in rule 0/u) })
  })

  test.each([
    ['every gateway has observed', {}, []],
    ['no gateway knows', { status: { parents: [] } }, [/No gateway has taken the route up/u]],
    [
      'a gateway knows in an older form',
      { metadata: { name: 'app', uid: 'u', resourceVersion: '8', generation: 4 } },
      [/still works by an older route/u],
    ],
    [
      'a gateway does not accept',
      { status: { parents: [{ conditions: [{ type: 'Accepted', status: 'False', reason: 'NotAllowed' }] }] } },
      [/Accepted is not true \(NotAllowed\)/u],
    ],
  ])('that %s says so', (_title, over, problems) => {
    expect(routeProblems(route(over))).toEqual(problems.map((problem) => expect.stringMatching(problem)))
  })
})

test('a service is up with one endpoint that is ready', () => {
  const slice = (name: string, ...ready: readonly (boolean | undefined)[]) => ({
    metadata: { labels: { 'kubernetes.io/service-name': name } },
    endpoints: ready.map((isReady) => ({ conditions: isReady === undefined ? {} : { ready: isReady } })),
  })
  const slices = endpointSlices.parse({
    items: [
      slice('one', false, true),
      slice('unsaid', undefined),
      slice('none', false),
      { metadata: {}, endpoints: null },
    ],
  })

  expect(['one', 'unsaid', 'none', 'absent'].map((name) => serviceState(slices, name))).toEqual([
    'up',
    'up',
    'down',
    'down',
  ])
})
