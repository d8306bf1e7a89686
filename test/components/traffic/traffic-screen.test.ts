import { anAppState, linesText, paint } from '../../support/harness/painted.tsx'
import { expect, test } from 'vitest'
import { deployAlarm, deployQuestion } from '../../../components/traffic/deploy-words.ts'
import { slotLines } from '../../../components/traffic/slot-lines.ts'
import { stageCells, stageBreadcrumb, stageEvidence } from '../../../components/traffic/stage-lines.ts'
import type { DeployStage } from '../../../src/domain/traffic/deploy-plan.ts'
import type { DeployEvent } from '../../../src/events/deploy-events.ts'
import type { DeployView } from '../../../src/events/deploy-view.ts'
import type { TrafficReport } from '../../../src/engine/deploy/deploy.ts'
import type { TrafficState } from '../../../store/traffic/traffic-state.ts'
import { NOW } from '../../support/builders/app-builders.ts'
import { aMeasurement } from '../../support/builders/health-facts.ts'
import { aWatchState } from '../../support/builders/a-watch-view.ts'
import { aDeployPlan, aScriptedDeploy, aTrafficReport, passStages } from '../../support/engine/deploy-script.ts'
import { aWatchedProbe, failing, sampled, watchStarted } from '../../support/engine/health-script.ts'

/** A deploy of which so many stages have passed, and to which the rest happened then. */
function aView(count: number, events: readonly DeployEvent[] = [], endsAt: string | null = null): DeployView {
  const deploy = aScriptedDeploy()
  passStages(deploy, count, endsAt)
  deploy.emit(...events)
  return deploy.view()
}

const aTraffic = (parts: Partial<TrafficState> = {}): TrafficState => ({
  report: aTrafficReport(),
  rates: null,
  readAt: NOW,
  error: null,
  deploy: null,
  isFollowed: false,
  log: [],
  ...parts,
})

const question: DeployEvent = {
  type: 'deploy.asked',
  question: { kind: 'failed', detail: 'errors rose to 7 %', choices: ['promote', 'resume', 'abort'], error: null },
}
const LOG = [
  { at: NOW, step: 'deploy', text: 'v1.31.0 goes to blue', tone: 'ok' },
  { at: NOW, step: 'deploy', text: 'it failed', tone: 'bad' },
] as const

test('the traffic screen shows both slots and the deploy between them', () => {
  const traffic = aTraffic({
    deploy: aView(5, [question], '2026-02-01T20:10:00.000Z'),
    isFollowed: true,
    rates: { blue: 1.25, green: 120.4 },
    log: LOG,
  })
  const state = anAppState({ screen: 'traffic', back: ['history'], traffic, cursors: { traffic: 5 } })

  expect(paint(state)).toMatchInlineSnapshot(`
    "
    ─ Slots ───────────────────────────────────────────────────────────────── HAProxy ─ read 20:02:11Z ─
       blue   v1.31.0  ────────────────────────────────────   0 %  {ok|✓ up}          1.3 req/s  the new one
       green  v1.30.0  {ok|━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━} 100 %  {ok|✓ up}          120 req/s
    ─ Deploy ─ v1.31.0 to blue ─────────────────────────────────────────────────────────────── 6 of 10 ─
     ✓ deploy command ─▶ ✓ checks ─▶ ✓ gate ─▶ ✓ 10 % ─▶ ✓ pause 2m ─▶ [◐ analysis] ─▶ 50 % ─▶ 100 % …
     {warning|▲ errors rose to 7 %}
       P go on   p try again   B send all back
       STAGE           STATE         TOOK
       deploy command  {ok|✓ passed}      0m00
       checks          {ok|✓ passed}      0m00
       gate            {ok|✓ passed}      0m00
       10 %            {ok|✓ passed}      0m00
       pause 2m        {ok|✓ passed}      0m00
    » ▶ analysis        ▲ needs you   0m00  7m49 left, at 20:10:00Z
       50 %            ○ waiting
       100 %           ○ waiting
       history         ○ waiting
       watch 10m       ○ waiting
    ─ Log ─────────────────────────────────────────────────────────────────────────────── newest below ─
     20:02:11Z  {ok|v1.31.0 goes to blue}
     20:02:11Z  {bad|it failed}
    "
  `)
  expect(paint(state, 140, 26)).toMatchInlineSnapshot(`
    "
    ╭─ Slots ─────────────────────────────────────────────────────────────────────────────────────────────────────── HAProxy ─ read 20:02:11Z ─╮
    │    blue   v1.31.0  ────────────────────────────────────────────────────────────   0 %  {ok|✓ up}          1.3 req/s  the new one              │
    │    green  v1.30.0  {ok|━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━} 100 %  {ok|✓ up}          120 req/s                           │
    ╰──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────╯
    ╭─ Deploy ─ v1.31.0 to blue ─────────────────────────────────────────────── 6 of 10 ─╮╭─ Log ─────────────────────────────── newest below ─╮
    │  ✓ deploy command ─▶ ✓ checks ─▶ ✓ gate ─▶ ✓ 10 % ─▶ ✓ pause 2m ─▶ [◐ analysis] …  ││  20:02:11Z  {ok|v1.31.0 goes to blue}                   │
    │  {warning|▲ errors rose to 7 %}                                                              ││  20:02:11Z  {bad|it failed}                              │
    │    P go on   p try again   B send all back                                         ││                                                    │
    │    STAGE           STATE         TOOK                                              ││                                                    │
    │    deploy command  {ok|✓ passed}      0m00                                              ││                                                    │
    │    checks          {ok|✓ passed}      0m00                                              ││                                                    │
    │    gate            {ok|✓ passed}      0m00                                              ││                                                    │
    │    10 %            {ok|✓ passed}      0m00                                              ││                                                    │
    │    pause 2m        {ok|✓ passed}      0m00                                              ││                                                    │
    │ » ▶ analysis        ▲ needs you   0m00  7m49 left, at 20:10:00Z                     ││                                                    │
    │    50 %            ○ waiting                                                       ││                                                    │
    │    100 %           ○ waiting                                                       ││                                                    │
    │    history         ○ waiting                                                       ││                                                    │
    │    watch 10m       ○ waiting                                                       ││                                                    │
    │                                                                                    ││                                                    │
    │                                                                                    ││                                                    │
    ╰────────────────────────────────────────────────────────────────────────────────────╯╰────────────────────────────────────────────────────╯
    "
  `)
})

test('without a deploy it says how one begins, and what keeps the picture from being true', () => {
  const report = aTrafficReport({
    isSettled: false,
    access: 'denied',
    warnings: ['one server is in maintenance', 'cut'],
  })
  const error = { code: 'REGISTRY_TIMEOUT', message: 'no answer', hint: null, details: null } as const

  expect(paint(anAppState({ screen: 'traffic', traffic: aTraffic({ report, error }) }))).toMatchInlineSnapshot(`
    "
    ─ Slots ───────────────────────────────────────────────────────────────── HAProxy ─ read 20:02:11Z ─
       blue   v1.29.0  ───────────────────────────────────────────────   0 %  {ok|✓ up}            120 req
       green  v1.30.0  {ok|━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━} 100 %  {ok|✓ up}          12000 req
     {warning|▲ no answer (REGISTRY_TIMEOUT)}
     {warning|▲ What is written down and what is done differ: it has not settled.}
     {warning|▲ It can be read but not changed from here.}
    ─ Deploy ───────────────────────────────────────────────────────────────────────────────────────────
       No deploy is open.
       A new version goes to the slot without traffic:
       bagboy-tui deploy --version VERSION
    "
  `)
})

test.each([
  ['has settled', {}, 'it has not settled'],
  ['may be changed', {}, 'It can be read but not changed from here.'],
])('a balancer that %s is not said to be otherwise', (_what, parts: Partial<TrafficReport>, unwanted) => {
  const text = paint(anAppState({ screen: 'traffic', traffic: aTraffic({ report: aTrafficReport(parts) }) }))

  expect(text).not.toContain(unwanted)
  expect(text).not.toContain('▲')
})

test.each([
  ['not read', aTraffic({ report: null }), 'The balancer is not read yet.'],
  ['missing', null, 'There is no balancer to read.'],
])('a balancer that is %s is said to be so', (_what, traffic, expected) => {
  expect(paint(anAppState({ screen: 'traffic', traffic }))).toContain(expected)
})

const finished: DeployEvent = { type: 'deploy.finished', result: 'promoted', exitCode: 0, summary: '' }
const back: DeployEvent = {
  type: 'deploy.decided',
  direction: 'back',
  reason: 'it was bad',
  evidence: null,
  isVersionBad: true,
  result: 'reverted',
}
const paused: DeployEvent = { type: 'deploy.commanded', id: 'c', command: 'pause', by: 'ana', reason: '', refusal: '' }

test.each([
  ['followed', [], true, false, '3 of 10 ─'],
  ['left alone', [], false, false, '3 of 10 ─ no process works on it'],
  ['worked on elsewhere', [], false, true, '3 of 10 ─'],
  ['paused', [paused], true, true, '3 of 10 ─ paused'],
  ['going back', [back], true, true, '3 of 10 ─ going back'],
  ['over', [finished], false, false, 'promoted at 20:02:11Z'],
])('a deploy that is %s says so beside its title', (_what, events, isFollowed, isWorkedOn, note) => {
  const traffic = aTraffic({
    deploy: aView(2, events),
    isFollowed,
    report: aTrafficReport({ isWorkedOn }),
  })
  const title = paint(anAppState({ screen: 'traffic', traffic }))
    .split('\n')
    .find((row) => row.includes('Deploy ─'))

  expect(title).toContain(note)
  expect(title?.includes('no process')).toBe(note.includes('no process'))
})

const slots = (traffic: Partial<TrafficState>, health = null as ReturnType<typeof aWatchState> | null) =>
  linesText(slotLines({ traffic: aTraffic(traffic), health }, 100)).map((row) => row.replaceAll(/[━─]+/gu, '─'))

test('what our own checks of a slot say counts before what the balancer says, where it is up', () => {
  const probes = [
    aWatchedProbe('a', { place: 'blue' }),
    aWatchedProbe('b', { place: 'blue' }),
    aWatchedProbe('warns', { place: 'blue', severity: 'warning' }),
    aWatchedProbe('never-asked', { place: 'blue' }),
    aWatchedProbe('c', { place: 'green' }),
  ]
  const asked = (...events: Parameters<typeof aWatchState>[0]) => aWatchState([watchStarted(probes), ...events])
  const row = (health: ReturnType<typeof aWatchState>, state: 'up' | 'down' = 'up'): string => {
    const report = aTrafficReport()
    const blue = { ...report.slots.blue, state }
    return slots({ report: { ...report, slots: { ...report.slots, blue } } }, health)[0] ?? ''
  }

  expect(row(asked())).toContain('{ok|✓ up}')
  expect(row(asked(sampled('a'), sampled('b')))).toContain('{ok|✓ 2 of 2}')
  expect(row(asked(sampled('a'), failing('warns')))).toContain('{ok|✓ 1 of 1}')
  expect(row(asked(sampled('a'), failing('b')))).toContain('{bad|✗ 1 of 2}')
  expect(row(asked(sampled('a'), sampled('b', { verdict: 'unknown' })))).toContain('{ok|○ 1 of 2}')
  expect(row(asked(sampled('a'), failing('c')))).toContain('{ok|✓ 1 of 1}')
  expect(row(asked(sampled('a'), failing('b')), 'down')).toContain('{bad|✗ down}')
})

test('a slot is said to run the new version only once it was brought there', () => {
  const report = aTrafficReport({}, { blue: 0, green: 100 })

  expect(slots({ report, deploy: aView(0) })[0]).toContain('v1.29.0')
  expect(slots({ report, deploy: aView(1) })[0]).toContain('v1.31.0')
  expect(slots({ report, deploy: aView(1) })[0]).toContain('the new one')
  expect(slots({ report, deploy: aView(1) })[1]).not.toContain('the new one')
  expect(slots({ report, deploy: aView(1, [finished]) })[0]).not.toContain('the new one')
  expect(slots({ report, deploy: aView(1, [finished]) })[0]).toContain('v1.29.0')
})

test.each([
  [null, 120, '120 req'],
  [{ blue: 0, green: 0 }, 120, '0 req/s'],
  [{ blue: 1.26, green: 0 }, 120, '1.3 req/s'],
  [{ blue: 10, green: 0 }, 120, '10 req/s'],
  [{ blue: 1.26, green: 0 }, null, '  '],
])('a slot counts its requests: %o %o: %s', (rates, requests, expected) => {
  const report = aTrafficReport()
  const blue = { ...report.slots.blue, requests }
  const row = slots({ rates, report: { ...report, slots: { ...report.slots, blue } } })[0] ?? ''

  expect(row).toContain(expected)
  expect(row.includes('req')).toBe(requests !== null)
})

test('a slot that is kept says until when', () => {
  const report = aTrafficReport()
  const blue = { ...report.slots.blue, keptUntil: '2026-02-01T21:00:00.000Z', version: null }

  expect(slots({ report: { ...report, slots: { ...report.slots, blue } } })[0]).toMatch(/–.*warm to 21:00:00Z/u)
})

const ENDS = '2026-02-01T20:04:11.000Z'
const stagesOf = (...stages: readonly DeployStage[]): DeployView => {
  const deploy = aScriptedDeploy(aDeployPlan({ stages }))
  deploy.emit({ type: 'stage.started', stage: 0, endsAt: ENDS })
  return deploy.view()
}

test.each([
  [{ kind: 'command', words: [], env: [], timeoutMs: 1 }, 'deploy command'],
  [{ kind: 'checks' }, 'checks'],
  [{ kind: 'smoke', tests: [] }, 'smoke tests'],
  [{ kind: 'gate', ms: null }, 'gate'],
  [{ kind: 'gate', ms: 60_000 }, 'gate 1m'],
  [{ kind: 'weight', percent: 10 }, '10 %'],
  [{ kind: 'pause', ms: null, onTimeout: 'wait' }, 'pause'],
  [{ kind: 'pause', ms: 120_000, onTimeout: 'wait' }, 'pause 2m'],
  [{ kind: 'analysis', checks: [], ms: 1 }, 'analysis'],
  [{ kind: 'record' }, 'history'],
  [{ kind: 'drain', ms: 60_000 }, 'drain 1m'],
  [{ kind: 'watch', ms: 600_000 }, 'watch 10m'],
])('the stage %o is called %s', (stage, name) => {
  const view = stagesOf(stage as DeployStage)

  expect(stageCells(view, 0, NOW)[0]?.text).toBe(name)
})

const detail = (view: DeployView, index = view.position): string => stageCells(view, index, NOW).at(-1)?.text ?? ''

test.each([
  [stagesOf({ kind: 'gate', ms: 60_000 }), '2m00 left, then traffic moves, at 20:04:11Z'],
  [stagesOf({ kind: 'watch', ms: 60_000 }), '2m00 left, then it is healthy, at 20:04:11Z'],
  [stagesOf({ kind: 'drain', ms: 60_000 }), '2m00 left, then its sessions are ended, at 20:04:11Z'],
  [stagesOf({ kind: 'pause', ms: 1, onTimeout: 'revert' }), '2m00 left, then all traffic goes back, at 20:04:11Z'],
  [stagesOf({ kind: 'pause', ms: 1, onTimeout: 'promote' }), '2m00 left, then it goes on, at 20:04:11Z'],
  [stagesOf({ kind: 'pause', ms: 1, onTimeout: 'wait' }), '2m00 left, then it waits, at 20:04:11Z'],
  [stagesOf({ kind: 'weight', percent: 10 }), '2m00 left, at 20:04:11Z'],
  [aView(2), 'waits for a person'],
  [aView(2, [paused]), 'paused: nothing further is begun'],
  [aView(0), ''],
])('a stage that goes on says what follows, and when: %#', (view, expected) => {
  expect(detail(view)).toBe(expected)
})

test('a stage that asks for a person says so, and only the one it stands at', () => {
  const view = aView(5, [question])

  expect(stageCells(view, 5, NOW).map(({ text }) => text)).toContain('▲ needs you')
  expect(stageCells(view, 4, NOW).map(({ text }) => text)).toEqual(['pause 2m', '✓ passed', '0m00', ''])
  expect(stageCells(aView(5), 5, NOW).map(({ text }) => text)).toContain('◐ going on')
  expect(stageCells(view, 6, NOW).map(({ text }) => text)).toEqual(['50 %', '○ waiting', '', ''])
  expect(stageCells(view, 99, NOW)).toEqual([])
})

test('the stages on one line keep the current one in sight, whatever the width', () => {
  const rail = (position: number, width: number) => linesText([stageBreadcrumb(aView(position), width)])[0]

  expect(rail(0, 200)).toBe(
    ' [◐ deploy command] ─▶ checks ─▶ gate ─▶ 10 % ─▶ pause 2m ─▶ analysis ─▶ 50 % ─▶ 100 % ─▶ history ─▶ watch 10m',
  )
  expect(rail(5, 60)).toMatchInlineSnapshot(`" … ✓ gate ─▶ ✓ 10 % ─▶ ✓ pause 2m ─▶ [◐ analysis] ─▶ 50 % …"`)
  expect(rail(9, 40)).toMatchInlineSnapshot(`" … ✓ 100 % ─▶ ✓ history ─▶ [◐ watch 10m]"`)
  expect(rail(2, 10)).toMatchInlineSnapshot(`" … [◐ gate] …"`)
})

test('the evidence of a stage is all that it was decided from', () => {
  const [stage] = aView(0).stages
  if (!stage) throw new Error('no stage')
  const full = {
    ...stage,
    detail: 'it failed',
    evidence: { kind: 'analysis' },
    measurements: [
      aMeasurement({ at: NOW, check: 'errors', value: 0.2, samples: 9, why: 'over 5 %' }),
      aMeasurement({ at: NOW, check: 'errors', value: null, error: 'no answer' }),
    ],
  }

  expect(stageEvidence(stage)).toBe('deploy command: running')
  expect(stageEvidence(full)).toBe(
    [
      'deploy command: running',
      'it failed',
      '',
      '{',
      '  "kind": "analysis"',
      '}',
      '',
      'Measured, newest last:',
      '20:02:11Z  errors  0.2 (n=9)  over 5 %',
      '20:02:11Z  errors  no data  no answer',
    ].join('\n'),
  )
})

test('a question names its choices with their keys', () => {
  expect(linesText(deployQuestion(aView(5, [question]), 60))).toEqual([
    ' {warning|▲ errors rose to 7 %}',
    '   P go on   p try again   B send all back',
  ])
  expect(deployQuestion(aView(5), 60)).toEqual([])
})

const alarm = (traffic: Partial<TrafficState>, screen: 'history' | 'traffic' = 'history') => {
  const line = deployAlarm({ traffic: aTraffic(traffic), screen }, 100)
  return line ? linesText([line])[0] : null
}

test.each([
  [
    'a question',
    { deploy: aView(5, [question]), isFollowed: true },
    'history',
    ' {warning|▲ Deploy ─ v1.31.0 to blue waits: errors rose to 7 %}  6 shows it',
  ],
  ['a question on its own screen', { deploy: aView(5, [question]), isFollowed: true }, 'traffic', null],
  [
    'nobody at work',
    { deploy: aView(2) },
    'history',
    ' {warning|▲ Deploy ─ v1.31.0 to blue waits: no process works on it}  6 shows it',
  ],
  [
    'nobody at work on its own screen',
    { deploy: aView(2) },
    'traffic',
    ' {warning|▲ Deploy ─ v1.31.0 to blue waits: no process works on it}  R goes on with it',
  ],
  ['somebody at work', { deploy: aView(2), isFollowed: true }, 'history', null],
  ['somebody at work elsewhere', { deploy: aView(2), report: aTrafficReport({ isWorkedOn: true }) }, 'history', null],
  ['one that is over', { deploy: aView(5, [question, finished]) }, 'history', null],
  ['none', {}, 'history', null],
] as const)('a deploy raises an alarm for %s: %#', (_what, traffic, screen, expected) => {
  expect(alarm(traffic, screen)).toBe(expected)
})
