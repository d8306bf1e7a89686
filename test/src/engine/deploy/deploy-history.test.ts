import { expect, test } from 'vitest'
import type { PackageRecord } from '../../../../src/domain/deployment.ts'
import { failureEdits, promotionEdits } from '../../../../src/engine/deploy/deploy-history.ts'
import { aDeployment, aHistory } from '../../../support/builders/a-history.ts'
import {
  aDeployView,
  asked,
  AT_TEN,
  changedBy,
  decided,
  moved,
  over,
  told,
} from '../../../support/builders/a-deploy.ts'

const ACTOR = { user: 'alice' }
const NOW = '2026-02-01T19:00:00Z'
const NPM: PackageRecord = { format: 'npm', registry: 'https://npm.example.com', name: 'shop', status: 'deployed' }

const factsOf = (view: ReturnType<typeof aDeployView>) => ({ view, actor: ACTOR, now: NOW })
const ON_ALL = aDeployView([...AT_TEN, moved(100)])

test('a version with all of the traffic becomes the live one, with its slot and the packages of the registries', () => {
  const edits = promotionEdits(aHistory(), factsOf(ON_ALL), [NPM])

  expect(edits).toMatchObject([
    {
      kind: 'insert',
      deployment: {
        kind: 'deploy',
        version: 'v1.4.0',
        from: 'v1.3.0',
        run: ON_ALL.id,
        status: 'active',
        actor: ACTOR,
        packages: [
          {
            format: 'traffic',
            registry: 'haproxy',
            name: 'shop',
            status: 'deployed',
            ref: { slot: 'green' },
            before: { blue: 100, green: 0 },
            verifiedAt: NOW,
          },
          NPM,
        ],
      },
    },
    { kind: 'set-status', id: 3, status: 'superseded' },
  ])
})

test('after a crash the deploy finds its own entry and changes nothing twice', () => {
  const own = aDeployment('v1.4.0', { id: 4, status: 'active', run: ON_ALL.id })

  expect(promotionEdits(aHistory({ deployments: [own] }), factsOf(ON_ALL), [])).toEqual([])
})

test.for([
  ['v1.2.0', [], 'rollback', 'active', 2],
  ['v1.4.0', [], 'deploy', 'active', 2],
  ['v1.2.0', [{ ...NPM, status: 'skipped' }], 'rollback', 'partial', 1],
] as const)('traffic that is moved by hand to %s with %j is a %s, %s', ([version, others, kind, status, count]) => {
  const view = aDeployView([moved(100)], { kind: 'shift', version })

  const edits = promotionEdits(aHistory(), factsOf(view), others)

  expect(edits[0]).toMatchObject({ kind: 'insert', deployment: { kind, version, status } })
  expect(edits.length).toBe(count)
})

test('a bad version is written down as failed, with its evidence, and held', () => {
  const edits = failureEdits(aHistory(), factsOf(aDeployView([...AT_TEN, decided])))

  expect(edits).toMatchObject([
    {
      kind: 'insert',
      deployment: {
        status: 'failed',
        healthVerdict: 'unhealthy',
        trigger: { kind: 'analysis', check: 'errors' },
        reason: 'it was bad',
        packages: [{ format: 'traffic', status: 'rolled_back' }],
      },
    },
    { kind: 'hold', hold: { version: 'v1.4.0', reason: 'it was bad', by: 'alice' } },
  ])
})

test('the one that was live before is live again when the bad one had become it', () => {
  const view = aDeployView([...AT_TEN, moved(100), decided])
  const own = aDeployment('v1.4.0', { id: 4, status: 'active', run: view.id })
  const [live, ...rest] = aHistory().deployments
  const before = live ? [{ ...live, status: 'superseded' as const }] : []

  const edits = failureEdits(aHistory({ deployments: [own, ...before, ...rest] }), factsOf(view))

  expect(edits).toMatchObject([
    { kind: 'replace', id: 4, deployment: { status: 'failed' } },
    { kind: 'set-status', id: 3, status: 'active' },
    { kind: 'hold' },
  ])
})

test.for([
  [
    'a version that was never judged and never had traffic',
    aDeployView([{ ...decided, evidence: null, isVersionBad: false }]),
  ],
  ['traffic that was moved by hand', aDeployView([over(0, 'failed'), decided], { kind: 'shift' })],
] as const)('nothing is written down of %s', ([, view]) => {
  expect(failureEdits(aHistory(), factsOf(view))).toEqual([])
})

test.for([
  ['which is held already', aHistory({ held: [{ version: aDeployment('v1.4.0').version, reason: 'x', at: NOW }] }), {}],
  ['which is the live one as well', aHistory(), { from: 'v1.4.0' }],
  ['when rollback.hold is off', aHistory(), { hold: false }],
] as const)('a version is not held %s', ([, history, plan]) => {
  const edits = failureEdits(history, factsOf(aDeployView([...AT_TEN, decided], plan)))

  expect(edits.map(({ kind }) => kind)).toEqual(['insert'])
})

test.for([
  ['all of', 'active', true],
  ['some of', 'partial', false],
] as const)('a bad version that is left with %s the traffic is %s, and held', ([, status, isLive]) => {
  const left = [decided, asked('other-slot-failing', ['take-theirs']), told('take-theirs')] as const
  const view = aDeployView([...AT_TEN, ...left])
  const own = aDeployment('v1.4.0', { id: 4, status: 'active', run: view.id })
  const history = isLive ? aHistory({ deployments: [own] }) : aHistory()

  const [entry, ...others] = failureEdits(history, factsOf(view))

  expect(entry).toMatchObject({
    deployment: { status, healthVerdict: 'unhealthy', packages: isLive ? [{}, {}] : [{ status: 'deployed' }] },
  })
  expect(others.map(({ kind }) => kind)).toEqual(['hold'])
})

test('a version that is left with nothing is not the live one', () => {
  const taken = [changedBy(0, 100), asked('changed', ['take-theirs']), told('take-theirs')] as const
  const view = aDeployView([...AT_TEN, moved(100), ...taken], { stages: [] })
  const own = aDeployment('v1.4.0', { id: 4, status: 'active', run: view.id })
  const before = aDeployment('v1.3.0', { id: 3, status: 'superseded' })

  expect(failureEdits(aHistory({ deployments: [own, before] }), factsOf(view))).toMatchObject([
    { kind: 'replace', id: 4, deployment: { status: 'failed' } },
    { kind: 'set-status', id: 3, status: 'active' },
  ])
})
