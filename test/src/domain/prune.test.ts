import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Deployment, History } from '../../../src/domain/deployment.ts'
import { lostVersions, planPrune, type PruneRules } from '../../../src/domain/prune.ts'
import { aDeployment, version } from '../../support/builders/a-history.ts'

const NOW = '2026-02-02T00:00:00Z'
const RULES: PruneRules = {
  keep: 1,
  keepHealthy: 0,
  neededVersions: [],
  targetIds: new Set(),
  runningIds: new Set(),
  now: NOW,
}

/** Newest first; ids count down to 1. */
const historyOf = (entries: readonly Deployment[], held: History['held'] = []): History => ({
  schema: 1,
  environment: 'production',
  deployments: entries.map((entry, index) => ({ ...entry, id: entries.length - index })),
  held,
})

const verdictsOf = (history: History, rules: Partial<PruneRules> = {}) =>
  planPrune(history, { ...RULES, ...rules }).map(({ verdict, reason }) => [verdict, reason])

describe('an entry that is older than keep', () => {
  const live = aDeployment('v1.3.0', { status: 'active' })
  const old = (parts: Partial<Deployment> = {}) => aDeployment('v1.1.0', parts)

  test.each<[string, Deployment, Partial<PruneRules>, string]>([
    ['is pruned', old(), {}, 'older than keep'],
    ['stays when it is live', old({ status: 'active' }), {}, 'live, cannot be pruned'],
    ['stays when it is a rollback target', old(), { targetIds: new Set([1]) }, 'rollback target'],
    ['stays when it is pinned', old({ pinned: true }), {}, 'pinned'],
    ['stays when an open run needs it', old(), { neededVersions: ['v1.1.0'] }, 'needed by an open run'],
    ['stays when a slot runs it', old(), { runningIds: new Set([1]) }, 'says what a slot runs'],
    [
      'stays while it is one of the last healthy',
      old({ healthVerdict: 'healthy' }),
      { keepHealthy: 1 },
      'one of the 1 last healthy',
    ],
  ])('%s', (_title, entry, rules, reason) => {
    expect(verdictsOf(historyOf([live, entry]), rules)[1]?.[1]).toBe(reason)
  })

  test('stays while its version is held', () => {
    const held = [{ version: version('1.1.0'), reason: 'leaks', at: NOW }]

    expect(verdictsOf(historyOf([live, old()], held))[1]).toEqual(['protected', 'held'])
  })

  test('stays when it says how a version is judged of which an older entry stays', () => {
    const bad = aDeployment('v1.1.0', { healthVerdict: 'unhealthy' })
    const history = historyOf([live, bad, old({ pinned: true })])

    expect(verdictsOf(history)[1]).toEqual(['protected', 'decides what is known of v1.1.0'])
    expect(verdictsOf(historyOf([live, bad, old()])).map(([verdict]) => verdict)).toEqual([
      'protected',
      'prune',
      'prune',
    ])
  })
})

test('a version is lost when none of its entries stays', () => {
  const rows = planPrune(
    historyOf([
      aDeployment('v1.3.0', { status: 'active' }),
      aDeployment('v1.2.0'),
      aDeployment('v1.1.0'),
      aDeployment('1.2.0', { pinned: true }),
      aDeployment('v1.0.0'),
      aDeployment('v1.0.0'),
    ]),
    { ...RULES, keep: 1 },
  )

  // The newer entry of v1.2.0 judges it, and its older one is pinned.
  expect(lostVersions(rows)).toEqual(['v1.1.0', 'v1.0.0'])
})

test('an entry that stays is never one that keep would drop without a reason', () => {
  const status = fc.constantFrom('superseded', 'failed', 'partial', 'rolled_back_from') as fc.Arbitrary<
    Deployment['status']
  >
  const entry = fc.record({ minor: fc.integer({ min: 0, max: 4 }), status, pinned: fc.boolean() })
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 12 }), fc.integer({ min: 0, max: 12 }), (entries, keep) => {
      const history = historyOf(entries.map(({ minor, ...parts }) => aDeployment(`v1.${minor}.0`, parts)))

      for (const [index, { verdict, deployment }] of planPrune(history, { ...RULES, keep }).entries()) {
        if (verdict === 'prune') expect(index).toBeGreaterThanOrEqual(keep)
        if (verdict === 'keep') expect(index).toBeLessThan(keep)
        if (deployment.pinned) expect(verdict).toBe('protected')
      }
    }),
    { seed: 11, numRuns: 300 },
  )
})
