import { expect, test } from 'vitest'
import type { DeployCommand } from '../../../src/domain/traffic/deploy-plan.ts'
import { refuseCommand, refuseElsewhere } from '../../../src/events/apply-command.ts'
import { projectDeploy } from '../../../src/events/project-deploy.ts'
import {
  aDeployView,
  asked,
  AT_TEN,
  begun,
  changedBy,
  decided,
  intended,
  moved,
  over,
  stampDeploy,
  started,
  told,
} from '../../support/builders/a-deploy.ts'
import type { DeployView } from '../../../src/events/deploy-view.ts'

test('nothing is known before its start', () => {
  expect(stampDeploy([begun(0)]).reduce<DeployView | undefined>(projectDeploy, undefined)).toBeUndefined()
})

test('what was seen already changes nothing', () => {
  const events = stampDeploy([started(), ...AT_TEN])
  const once = events.reduce<DeployView | undefined>(projectDeploy, undefined)

  const twice = events.reduce<DeployView | undefined>(projectDeploy, once)

  expect(twice).toBe(once)
})

test('the first record of a newer owner counts, whatever the older one wrote behind it', () => {
  const view = aDeployView([...AT_TEN])
  const adopted = { type: 'deploy.adopted', epoch: 2, actor: {}, purpose: 'resume', from: null, why: '' } as const

  const after = projectDeploy(view, { ...adopted, run: view.id, seq: 4, at: view.startedAt })

  expect([after?.epoch, after?.lastSeq]).toEqual([2, 4])
})

test('a write is owed from its intent to its read-back, and moves what is expected', () => {
  const before = aDeployView([begun(0), over(0), begun(1), told('promote'), begun(2), intended(0, 10)])
  const after = aDeployView([...AT_TEN])

  expect([before.owed, before.expected.green, before.hasMoved]).toEqual([
    { from: { blue: 100, green: 0 }, to: { blue: 90, green: 10 } },
    0,
    false,
  ])
  expect([after.owed, after.expected.green, after.hasMoved]).toEqual([null, 10, true])
})

test('what somebody else made of it is foreign until a person has decided', () => {
  const changed = aDeployView([...AT_TEN, changedBy(33), asked('changed', ['take-theirs'])])
  const taken = aDeployView([...AT_TEN, changedBy(33), asked('changed', ['take-theirs']), told('take-theirs')])

  expect([changed.foreign?.green, changed.expected.green]).toEqual([33, 10])
  expect([taken.foreign, taken.expected.green, taken.floorPercent]).toEqual([null, 33, 33])
})

test('a stage that is begun again forgets what it had measured', () => {
  const measured = {
    type: 'analysis.measured',
    stage: 3,
    measurement: { check: 'errors', at: '', atMs: 0, value: 1, samples: 1, baseline: null, error: '', why: '' },
    progress: { status: 'running', failureCount: 1, inconclusiveCount: 0, successCount: 0, errorCount: 0, why: '' },
  } as const

  expect(aDeployView([...AT_TEN, begun(3), measured]).stages[3]).toMatchObject({
    measurements: [{ check: 'errors' }],
    analyses: { errors: { failureCount: 1 } },
  })
  expect(aDeployView([...AT_TEN, begun(3), measured, begun(3)]).stages[3]?.measurements).toEqual([])
})

test('a slot that is kept and the end are remembered', () => {
  const view = aDeployView([
    { type: 'slot.kept', slot: 'blue', version: 'v1.3.0', until: 'later' },
    { type: 'deploy.finished', result: 'promoted', exitCode: 0, summary: 'done' },
  ])

  expect(view).toMatchObject({
    kept: { slot: 'blue', version: 'v1.3.0', until: 'later' },
    result: 'promoted',
    exitCode: 0,
    summary: 'done',
  })
})

const VIEWS = {
  checking: aDeployView([begun(0)]),
  'at a gate': aDeployView([begun(0), over(0), begun(1)]),
  'told to pause': aDeployView([begun(0), told('pause')]),
  'going back': aDeployView([...AT_TEN, decided]),
  back: aDeployView([...AT_TEN, decided, intended(10, 0, 'revert'), moved(0)]),
  'being ended': aDeployView([...AT_TEN, told('abort')]),
  'asking about a change': aDeployView([...AT_TEN, changedBy(33), asked('changed', ['take-theirs', 'abort'])]),
  'asking about a refused share': aDeployView([
    ...AT_TEN.slice(0, 5),
    over(2, 'failed'),
    asked('failed', ['promote', 'resume', 'abort']),
  ]),
  over: aDeployView([{ type: 'deploy.finished', result: 'promoted', exitCode: 0, summary: '' }]),
  moving: aDeployView([...AT_TEN, begun(3), over(3), moved(10)]),
} as const

const OBEYED: readonly (readonly [keyof typeof VIEWS, readonly DeployCommand[]])[] = [
  ['checking', ['pause', 'abort']],
  ['at a gate', ['promote', 'pause', 'abort']],
  ['told to pause', ['resume', 'abort']],
  ['going back', ['take-theirs']],
  ['back', []],
  ['being ended', []],
  ['asking about a change', ['take-theirs', 'abort']],
  ['asking about a refused share', ['resume', 'abort']],
  ['over', []],
  ['moving', ['pause', 'abort']],
]

test.for(OBEYED)('%s: it can be told %s', ([name, commands]) => {
  const all = ['promote', 'pause', 'resume', 'take-theirs', 'put-ours-back', 'abort'] as const

  expect(all.filter((command) => refuseCommand(VIEWS[name], command) === '')).toEqual(commands)
})

test.for([
  ['promote', { position: 2 }, 'it stands elsewhere now'],
  ['promote', { askedSeq: 0 }, 'it stands elsewhere now'],
  ['promote', {}, ''],
  ['resume', { position: 2 }, ''],
  ['take-theirs', { askedSeq: 0 }, 'it stands elsewhere now'],
  ['pause', { position: 2, askedSeq: 0 }, ''],
  ['abort', { position: 2, askedSeq: 0 }, ''],
] as const)('%s by somebody who saw %j: %s', ([command, seen, refusal]) => {
  const view = VIEWS['asking about a change']
  const { position, askedSeq } = view

  expect(refuseElsewhere(view, command, { position, askedSeq, ...seen })).toBe(refusal)
})
