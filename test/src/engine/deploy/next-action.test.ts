import { expect, test } from 'vitest'
import type { DeployPlan } from '../../../../src/domain/traffic/deploy-plan.ts'
import { nextAction, type DeployAction } from '../../../../src/engine/deploy/next-action.ts'
import type { DeployEvent } from '../../../../src/events/deploy-events.ts'
import {
  aDeployView,
  asked,
  AT_TEN,
  begun,
  changedBy,
  decided,
  intended,
  moved,
  observed,
  over,
  told,
} from '../../../support/builders/a-deploy.ts'

const NOW = '2026-02-01T18:10:00.000Z'
const LATER = '2026-02-01T18:12:00.000Z'
const EARLIER = '2026-02-01T18:09:00.000Z'
const JUDGED = ['promote', 'resume', 'abort'] as const

const PAUSED = [...AT_TEN, begun(3, LATER)]
const ANALYSED = [...AT_TEN, begun(3, EARLIER), over(3), begun(4, LATER)]
const FAILED = [...ANALYSED, over(4, 'failed')]
const ON_ALL = [...ANALYSED, over(4), begun(5), intended(10, 100), moved(100)]

type Row = readonly [
  what: string,
  happened: readonly DeployEvent[],
  next: Partial<DeployAction> & Record<string, unknown>,
  plan?: Partial<DeployPlan>,
]

const TABLE: readonly Row[] = [
  ['at first', [], { do: 'begin', stage: 0, endsAt: null }],
  ['a stage that has begun', [begun(0)], { do: 'work', stage: 0 }],
  ['a stage that passed', [begun(0), over(0)], { do: 'begin', stage: 1, endsAt: null }],
  ['a stage that was left out', [begun(0), over(0, 'skipped')], { do: 'begin', stage: 1 }],
  ['a gate', [begun(0), over(0), begun(1)], { do: 'wait', until: null }],
  ['a gate that a person opened', [begun(0), over(0), begun(1), told('promote')], { do: 'begin', stage: 2 }],
  ['a gate whose time is not over', [begun(0), over(0), begun(1, LATER)], { do: 'wait', until: LATER }],
  ['a gate whose time is over', [begun(0), over(0), begun(1, EARLIER)], { do: 'expire', stage: 1, next: 'go-on' }],
  ['a pause, with its deadline', AT_TEN, { do: 'begin', stage: 3, endsAt: LATER }],
  ['a pause that goes on', PAUSED, { do: 'wait', until: LATER }],
  ['a pause that is over', [...AT_TEN, begun(3, EARLIER)], { do: 'expire', stage: 3, next: 'go-on' }],
  [
    'a pause that is over, and nobody else can say',
    [...AT_TEN, begun(3, EARLIER), { type: 'stage.expired', stage: 3, next: 'wait' }],
    { do: 'wait', until: null },
  ],
  ['an analysis that goes on', ANALYSED, { do: 'work', stage: 4 }],
  [
    'an analysis that failed',
    FAILED,
    { do: 'turn-back', result: 'reverted', isVersionBad: true, evidence: { kind: 'analysis', check: 'errors' } },
  ],
  [
    'an analysis that failed, and on_failure is pause',
    FAILED,
    { do: 'ask', question: { kind: 'failed', detail: 'failed', choices: JUDGED, error: null } },
    { onFailure: 'pause' },
  ],
  [
    'a share that the balancer refused, and on_failure is pause',
    [...ANALYSED, over(4), begun(5), over(5, 'failed')],
    { do: 'ask', question: { kind: 'failed', detail: 'failed', choices: ['resume', 'abort'], error: null } },
    { onFailure: 'pause' },
  ],
  ['a failure that was asked about', [...FAILED, asked('failed', JUDGED)], { do: 'wait', until: null }],
  [
    'a failure that a person lets through',
    [...FAILED, asked('failed', JUDGED), told('promote')],
    { do: 'begin', stage: 5 },
  ],
  [
    'a failure that is to be looked at again',
    [...FAILED, asked('failed', JUDGED), told('resume')],
    { do: 'begin', stage: 4 },
  ],
  [
    'a failure that a person ends with',
    [...FAILED, asked('failed', JUDGED), told('abort')],
    { do: 'turn-back', result: 'reverted', isVersionBad: true },
  ],
  [
    'an analysis that can say nothing',
    [...ANALYSED, over(4, 'inconclusive')],
    { do: 'ask', question: { kind: 'inconclusive', detail: 'inconclusive', choices: JUDGED, error: null } },
  ],
  [
    'checks that failed before traffic moved',
    [begun(0), over(0, 'failed')],
    { do: 'turn-back', result: 'refused', isVersionBad: true },
  ],
  [
    'the same, and on_failure is pause',
    [begun(0), over(0, 'failed')],
    { do: 'turn-back', result: 'refused' },
    { onFailure: 'pause' },
  ],
  [
    'checks that could say nothing before traffic moved',
    [begun(0), over(0, 'inconclusive')],
    { do: 'turn-back', result: 'refused', isVersionBad: false },
  ],
  [
    'a failure while a write is owed',
    [begun(0), over(0), begun(1), told('promote'), begun(2), intended(0, 10), over(2, 'failed')],
    { do: 'turn-back', result: 'reverted' },
  ],
  ['told to pause', [...AT_TEN, told('pause')], { do: 'wait', until: null }],
  ['told to pause and to go on', [...AT_TEN, told('pause'), told('resume')], { do: 'begin', stage: 3 }],
  ['told to end', [...PAUSED, told('abort')], { do: 'turn-back', result: 'aborted', isVersionBad: false }],
  [
    'told something that makes no sense',
    [...PAUSED, told('take-theirs', 'the traffic was not changed from outside')],
    { do: 'wait', until: LATER },
  ],
  [
    'a change by somebody else',
    [...PAUSED, changedBy(33), asked('changed', ['take-theirs'])],
    { do: 'wait', until: null },
  ],
  [
    'theirs is taken',
    [...PAUSED, changedBy(33), asked('changed', ['take-theirs']), told('take-theirs')],
    { do: 'wait', until: LATER },
  ],
  [
    'theirs is taken, and no share is still to come',
    [...ON_ALL, over(5), changedBy(0, 100), asked('changed', ['take-theirs']), told('take-theirs')],
    { do: 'conclude', result: 'left' },
  ],
  [
    'theirs is taken, and it is everything',
    [...ON_ALL, over(5), changedBy(100, 100), asked('changed', ['take-theirs']), told('take-theirs')],
    { do: 'conclude', result: 'promoted' },
  ],
  [
    'ours is to be put back',
    [...PAUSED, changedBy(33), asked('changed', ['put-ours-back']), told('put-ours-back')],
    { do: 'restore' },
  ],
  [
    'ours is back',
    [...PAUSED, changedBy(33), asked('changed', ['put-ours-back']), told('put-ours-back'), moved(10)],
    { do: 'wait', until: LATER },
  ],
  ['going back', [...FAILED, decided], { do: 'go-back' }],
  [
    'back by reading',
    [...FAILED, decided, intended(10, 0, 'revert'), moved(0)],
    { do: 'conclude', result: 'reverted' },
  ],
  ['back only half of the way', [...FAILED, decided, intended(10, 0, 'revert'), moved(3)], { do: 'go-back' }],
  ['decided before anything moved', [begun(0), over(0, 'failed'), decided], { do: 'conclude', result: 'reverted' }],
  ['decided while somebody else had moved it', [begun(0), changedBy(33, 0), decided], { do: 'go-back' }],
  [
    'decided when something else than at first was read last, whoever made it so',
    [begun(0), observed(33), decided],
    { do: 'go-back' },
  ],
  [
    'decided when the same as at first was read last',
    [begun(0), observed(0), decided],
    { do: 'conclude', result: 'reverted' },
  ],
  [
    'the slot it would go back to fails',
    [...FAILED, decided, asked('other-slot-failing', ['resume', 'take-theirs'])],
    { do: 'leave' },
  ],
  [
    'that slot is repaired',
    [...FAILED, decided, asked('other-slot-failing', ['resume', 'take-theirs']), told('resume')],
    { do: 'go-back' },
  ],
  [
    'it is left as it stands',
    [...FAILED, decided, asked('other-slot-failing', ['resume', 'take-theirs']), told('take-theirs')],
    { do: 'conclude', result: 'left' },
  ],
  [
    'on the way back a person leaves it as it stands',
    [...FAILED, decided, intended(10, 0, 'revert'), told('take-theirs')],
    { do: 'conclude', result: 'left' },
  ],
  ['the balancer is away', [...ANALYSED, asked('provider', ['resume', 'abort'])], { do: 'leave' }],
  [
    'the balancer is there again',
    [...ANALYSED, asked('provider', ['resume', 'abort']), told('resume')],
    { do: 'work', stage: 4 },
  ],
  ['all is done', [...ON_ALL, over(5)], { do: 'conclude', result: 'promoted' }],
  ['all is done by hand', [...ON_ALL, over(5)], { do: 'conclude', result: 'shifted' }, { kind: 'shift' }],
  [
    'it has ended',
    [...ON_ALL, over(5), { type: 'deploy.finished', result: 'promoted', exitCode: 0, summary: '' }],
    { do: 'end' },
  ],
]

test.for(TABLE)('%s', ([, happened, next, plan = {}]) => {
  expect(nextAction(aDeployView(happened, plan), NOW)).toMatchObject(next)
})

test.for([
  ['revert', 'back'],
  ['promote', 'go-on'],
  ['wait', 'wait'],
  ['go-on', 'go-on'],
] as const)('a pause whose time is over, with on_timeout %s: %s', ([onTimeout, next]) => {
  const stages = [{ kind: 'pause', ms: 1000, onTimeout }] as const

  expect(nextAction(aDeployView([begun(0, EARLIER)], { stages }), NOW)).toEqual({ do: 'expire', stage: 0, next })
})
