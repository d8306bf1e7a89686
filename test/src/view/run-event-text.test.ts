import { expect, test } from 'vitest'
import type { RunEvent, Stamped } from '../../../src/events/events.ts'
import { projectRun, type RunView } from '../../../src/events/project-run.ts'
import { appSentence } from '../../../src/view/event-text.ts'
import { renderEvent, runEventText } from '../../../src/view/run/event-line.ts'
import { printLines } from '../../../src/view/text.ts'
import { aPlan, aStep } from '../../support/builders/a-plan.ts'
import { runEvents } from '../../support/builders/run-events.ts'

const STEP = 'npm:myapp@https://npm.example.com'
const ABOUT = 'npm myapp @ https://npm.example.com'
const ERROR = { code: 'REGISTRY_TIMEOUT', message: 'no answer', hint: null, details: null } as const
const PLAN = aPlan({ steps: [aStep('npm')] })
const INTENT = { key: 'k', attempt: 1, pre: null, want: null, actions: [], undo: [] } as const
const FINDING = { code: 'V10', title: 'is held', detail: '', remedy: '', package: null } as const

const NARROWED =
  'its entry in bagboy.yaml now moves less than was planned; what is skipped stays as it is in the registry'

const VIEW = runEvents(PLAN, 'complete').reduce<RunView | undefined>(projectRun, undefined)

/** The event, its line in a headless log, its line in the app's log; empty for none. */
const LINES: readonly (readonly [event: RunEvent, headless: string, app: string])[] = [
  [
    { type: 'run.started', plan: PLAN, planHash: '', epoch: 1, actor: {}, tool: '' },
    'started    run R',
    'started: run R',
  ],
  [
    { type: 'run.adopted', epoch: 2, actor: { user: 'bob', host: 'laptop' } },
    'taken over bob on laptop goes on with it, epoch 2',
    'taken over: bob on laptop goes on with it, epoch 2',
  ],
  [
    { type: 'phase.changed', signal: 'plan.accepted', from: 'planning', to: 'rollbackInitiated' },
    'phase      planning → rollback initiated',
    'phase: planning → rollback initiated',
  ],
  [
    { type: 'finding.reported', finding: { ...FINDING, severity: 'warn' } },
    'finding    V10 is held',
    'finding: V10 is held',
  ],
  [{ type: 'finding.reported', finding: { ...FINDING, severity: 'ok' } }, '', 'finding: V10 is held'],
  [
    { type: 'run.decided', direction: 'undo', reason: 'npm failed' },
    'decided    going back to v1.3.0: npm failed',
    'decided: going back to v1.3.0: npm failed',
  ],
  [
    { type: 'step.started', step: STEP, direction: 'do', attempt: 2 },
    `checking   ${ABOUT}  attempt 2`,
    'checking: attempt 2',
  ],
  [
    { type: 'step.intent', step: STEP, direction: 'do', ...INTENT },
    `writing    ${ABOUT}  Point npm at 1.2.0`,
    'writing: Point npm at 1.2.0, recorded in the journal',
  ],
  [
    { type: 'step.intent', step: STEP, direction: 'undo', ...INTENT },
    `undoing    ${ABOUT}  back to v1.3.0`,
    'undoing: back to v1.3.0, recorded in the journal',
  ],
  [
    { type: 'step.progress', step: STEP, status: 'verifying', done: 1, total: 2, label: 'reading back' },
    '',
    'reading back',
  ],
  [{ type: 'step.progress', step: STEP, status: 'verifying', done: 1, total: 2, label: '' }, '', ''],
  [{ type: 'step.answered', step: STEP, action: 'Move npm', error: null }, '', 'request accepted: Move npm'],
  [
    { type: 'step.answered', step: STEP, action: 'Move npm', error: ERROR },
    `answer     ${ABOUT}  no answer`,
    'answer: no answer (Move npm)',
  ],
  [
    { type: 'step.waiting', step: STEP, direction: 'do', pre: null, want: null, byHand: ['npm tag', 'npm view'] },
    `manual     ${ABOUT}  npm tag; npm view`,
    'manual: npm tag; npm view',
  ],
  [
    { type: 'step.narrowed', step: STEP, before: null, want: null, actions: [], undo: [] },
    `narrowed   ${ABOUT}  ${NARROWED}`,
    `narrowed: ${NARROWED}`,
  ],
  [
    { type: 'step.added', step: STEP, plan: aStep('npm'), reason: 'it is not at the target' },
    `added      ${ABOUT}  it is not at the target`,
    'added: it is not at the target',
  ],
  [
    { type: 'step.retrying', step: STEP, attempt: 1, delayMs: 2000, error: ERROR },
    `retrying   ${ABOUT}  in 2.0s: no answer`,
    'retrying: in 2.0s: no answer',
  ],
  [
    { type: 'step.verified', step: STEP, direction: 'do', proof: null, revision: null, readCount: 1 },
    '',
    'read back: 1 read in agreement',
  ],
  [
    { type: 'step.finished', step: STEP, status: 'failed', detail: '', error: ERROR, durationMs: 1 },
    `failed     ${ABOUT}  no answer`,
    'failed: no answer',
  ],
  [
    { type: 'operator.decided', step: STEP, decision: 'skip', reason: 'gone' },
    `operator   ${ABOUT}  skip: gone`,
    'operator: skip: gone',
  ],
  [
    { type: 'exclusion.verified', step: 'unknown', pointer: null, readCount: 2 },
    'already    unknown  read 2 times',
    'already: read 2 times',
  ],
  [
    { type: 'sweep.finished', observations: [{ step: STEP, pointer: null, serving: null, agrees: false }] },
    `read back  disagrees: ${STEP}`,
    `read back: disagrees: ${STEP}`,
  ],
  [
    { type: 'run.settling', waitMs: 500 },
    'waiting    500ms: a write was not answered and may still arrive',
    'waiting: 500ms: a write was not answered and may still arrive',
  ],
  [{ type: 'hold.placed', version: 'v1.3.0', reason: 'bad' }, 'held       v1.3.0: bad', 'held: v1.3.0: bad'],
  [{ type: 'hold.lifted', version: 'v1.3.0', reason: 'good' }, 'unheld     v1.3.0: good', 'unheld: v1.3.0: good'],
  [
    { type: 'history.committed', deploymentId: 4, revision: 1 },
    'history    entry @4 written',
    'history: entry @4 written',
  ],
  [{ type: 'run.finished', result: 'complete', exitCode: 0, summary: 'all' }, 'complete   all', 'complete: all'],
]

test.for(LINES)('$0.type reads the same in a headless log and in the app', ([event, headless, app]) => {
  const stamped: Stamped = { ...event, run: 'R', seq: 1, at: '2026-02-01T18:42:00.000Z' }
  if (!VIEW) throw new Error('the events make no view')
  const line = renderEvent(stamped, VIEW)

  expect(
    printLines(line === undefined ? [] : [line], false)
      .trim()
      .replace(/^0ms {2}/u, ''),
  ).toBe(headless)
  expect(appSentence(runEventText(stamped, VIEW))).toBe(app)
})
