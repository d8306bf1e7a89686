import { expect, test } from 'vitest'
import { renderDeployEvent } from '../../../src/view/deploy/deploy-event-line.ts'
import { renderDeployOutcome } from '../../../src/view/deploy/deploy-lines.ts'
import { renderTraffic } from '../../../src/view/deploy/traffic-lines.ts'
import { printLines } from '../../../src/view/text.ts'
import type { TrafficReport } from '../../../src/engine/deploy/deploy.ts'
import type { DeployEvent } from '../../../src/events/deploy-events.ts'
import { aSample } from '../../support/builders/health-facts.ts'
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

const ERROR = { code: 'REGISTRY_TIMEOUT', message: 'no answer', hint: null, details: null } as const
const MEASUREMENT = { check: 'errors', at: '', atMs: 0, value: 1, samples: 1, baseline: null, error: '', why: '' }
const PROGRESS = {
  status: 'running',
  failureCount: 2,
  inconclusiveCount: 0,
  successCount: 0,
  errorCount: 0,
  why: '',
} as const

const ADOPTED: DeployEvent = {
  type: 'deploy.adopted',
  epoch: 3,
  actor: { user: 'bob', host: 'laptop' },
  purpose: 'resume',
  from: { epoch: 2, who: 'alice', host: 'ci', pid: 7, since: '', lastBeat: '' },
  why: 'its process is gone',
}

const LINES: readonly (readonly [DeployEvent, string])[] = [
  [started(), 'started    deploy 01JKX7M3Q8ZB7F3W0000000000'],
  [
    ADOPTED,
    'taken over bob on laptop goes on with it: resume, epoch 3; epoch 2 was that of alice on ci: its process is gone',
  ],
  [{ ...ADOPTED, from: null, actor: {} }, 'taken over unknown user on unknown host goes on with it: resume, epoch 3'],
  [told('promote'), 'command    bob  promote'],
  [told('pause', 'it is paused already'), 'refused    pause: it is paused already'],
  [decided, 'going back it was bad'],
  [
    asked('changed', ['take-theirs', 'abort']),
    'waiting    changed. bagboy-tui traffic resume --theirs | bagboy-tui traffic abort',
  ],
  [begun(0), 'doing      health checks of the slot'],
  [begun(1), 'waiting    gate: a person. Go on: bagboy-tui traffic promote; or back: bagboy-tui traffic abort'],
  [begun(3, 'then'), 'doing      pause 2m until then'],
  [{ type: 'stage.expired', stage: 3, next: 'go-on' }, 'time over  pause 2m'],
  [over(4, 'failed'), 'failed     analysis errors: failed'],
  [
    {
      type: 'health.sampled',
      stage: 0,
      slot: 'green',
      sample: aSample({ verdict: 'failing', probe: 'ready', detail: '500' }),
    },
    'failing    green  ready  500',
  ],
  [{ type: 'health.changed', probe: 'live', from: 'unknown', to: 'passing', detail: '200' }, 'passing    live  200'],
  [{ type: 'analysis.measured', stage: 4, measurement: MEASUREMENT, progress: PROGRESS }, 'measured   errors  2 bad'],
  [
    { type: 'analysis.measured', stage: 4, measurement: { ...MEASUREMENT, error: 'refused' }, progress: PROGRESS },
    'no answer  errors  refused',
  ],
  [
    {
      type: 'traffic.observed',
      split: { blue: 1, green: 99 },
      requests: null,
      states: { blue: 'up', green: 'up' },
      warnings: ['a reload loses it'],
    },
    'balancer   a reload loses it',
  ],
  [intended(0, 10), 'writing    blue 100 %, green 0 % → blue 90 %, green 10 %'],
  [moved(10), 'read back  blue 90 %, green 10 %'],
  [
    {
      type: 'traffic.moved',
      split: { blue: 90, green: 10 },
      status: 'moved',
      requests: { blue: 9, green: 1 },
      error: null,
    },
    'read back  blue 90 %, green 10 %; requests: blue 9, green 1',
  ],
  [{ type: 'traffic.refused', error: ERROR }, 'not done   no answer'],
  [{ type: 'traffic.retrying', attempt: 1, delayMs: 2000, error: ERROR }, 'retrying   in 2.0s: no answer'],
  [changedBy(33), 'changed    expected blue 90 %, green 10 %, found blue 67 %, green 33 %'],
  [{ type: 'hold.placed', version: 'v1.4.0', reason: 'bad' }, 'held       v1.4.0: bad'],
  [{ type: 'history.committed', deploymentId: 7, revision: 3 }, 'history    entry @7 written'],
  [{ type: 'slot.kept', slot: 'blue', version: 'v1.3.0', until: 'later' }, 'kept       blue with v1.3.0 until later'],
  [{ type: 'deploy.finished', result: 'promoted', exitCode: 0, summary: 'done' }, 'promoted   done'],
]

const QUIET: readonly DeployEvent[] = [
  { type: 'health.sampled', stage: 0, slot: 'green', sample: aSample({ verdict: 'passing' }) },
  { type: 'analysis.measured', stage: 4, measurement: MEASUREMENT, progress: { ...PROGRESS, failureCount: 0 } },
  {
    type: 'traffic.observed',
    split: { blue: 1, green: 99 },
    requests: null,
    states: { blue: 'up', green: 'up' },
    warnings: [],
  },
]

function lineOf(event: DeployEvent): string | undefined {
  const [stamped] = stampDeploy([event])
  const line = stamped && renderDeployEvent(stamped, aDeployView([]))
  return line === undefined
    ? undefined
    : printLines([line], false)
        .trim()
        .replace(/^0ms {2}/u, '')
}

test.for(LINES)('$0.type', ([event, text]) => {
  expect(lineOf(event)).toBe(text)
})

test.for(QUIET)('a log need not say $type', (event) => {
  expect(lineOf(event)).toBeUndefined()
})

test('what a balancer says reaches nobody raw', () => {
  const line = lineOf({ type: 'traffic.refused', error: { ...ERROR, message: 'no \u001b[31mred\u001b[0m \u202ename' } })

  expect(line).not.toContain('\u001b')
  expect(line).not.toContain('\u202e')
})

test('an open deploy says where it stands and what can be done', () => {
  const lines = printLines(
    renderDeployOutcome(aDeployView([...AT_TEN, begun(3), changedBy(33), asked('changed', ['take-theirs'])])),
    false,
  )

  expect(lines).toBe(
    [
      'The deploy of v1.4.0 is open at pause 2m; the traffic stands at blue 90 %, green 10 %.',
      'It waits for you: changed.',
      '  bagboy-tui traffic resume --theirs  leave it as it is: go on from it, or, on the way back, end',
      '',
    ].join('\n'),
  )
})

const REPORT: TrafficReport = {
  provider: 'nginx',
  title: 'nginx',
  split: { blue: 90, green: 10 },
  slots: {
    blue: {
      slot: 'blue',
      label: 'old hall',
      url: null,
      version: null,
      percent: 90,
      state: 'unknown',
      requests: null,
      sessions: null,
      keptUntil: null,
    },
    green: {
      slot: 'green',
      label: 'green',
      url: null,
      version: 'v1.4.0',
      percent: 10,
      state: 'down',
      requests: 12,
      sessions: 3,
      keptUntil: null,
    },
  },
  isSettled: false,
  access: 'denied',
  warnings: ['mind the file'],
  open: null,
  isWorkedOn: false,
}

test('both slots are shown with everything the provider has to say', () => {
  expect(printLines(renderTraffic(REPORT, '2026-02-01T18:00:00Z'), false)).toBe(
    [
      'nginx',
      '  SLOT             VERSION    SHARE  STATE    REQUESTS  OPEN  KEPT',
      '  blue (old hall)  not known   90 %  unknown         -     -',
      '  green            v1.4.0      10 %  down           12     3',
      'The balancer does not yet serve the split that is configured.',
      'It can be read but not changed from here.',
      '! mind the file',
      '',
    ].join('\n'),
  )
})

test.for([
  ['going back', aDeployView([...AT_TEN, decided]), true, 'going back'],
  ['told to pause', aDeployView([...AT_TEN, begun(3), told('pause')]), true, 'paused at 4 of 6: pause 2m'],
  ['without a process', aDeployView([...AT_TEN, begun(3)]), false, 'No process works on it.'],
] as const)('an open deploy that is %s', ([, open, isWorkedOn, text]) => {
  expect(printLines(renderTraffic({ ...REPORT, open, isWorkedOn }, '2026-02-01T18:00:00Z'), false)).toContain(text)
})
