import { anAppState, linesText, paint } from '../../support/harness/painted.tsx'
import { expect, test } from 'vitest'
import { countdownLine, healthAlarm } from '../../../components/health/health-alarm.ts'
import { healthCells } from '../../../components/health/health-cells.ts'
import { triggerLines } from '../../../components/health/trigger-lines.ts'
import { evidenceText } from '../../../components/run/evidence-lines.ts'
import type { WatchEvent } from '../../../src/events/watch-events.ts'
import { aPlan, NOW } from '../../support/builders/app-builders.ts'
import { anAlarm, aWatchState, aWatchView, WATCHED } from '../../support/builders/a-watch-view.ts'
import { aMeasurement, anAnalysisCheck } from '../../support/builders/health-facts.ts'
import {
  aCondition,
  aWatchedProbe,
  failing,
  loginFails,
  sampled,
  watchStarted,
} from '../../support/engine/health-script.ts'

const ERRORS = anAnalysisCheck({ name: 'errors', failureLimit: 2, inconclusiveLimit: 1 })
const SLOW = anAnalysisCheck({ name: 'slow', max: { value: 400, unit: 'ms' }, isDryRun: true, query: '' })
const PROGRESS = {
  status: 'running',
  failureCount: 1,
  inconclusiveCount: 0,
  errorCount: 0,
  successCount: 3,
  why: '',
} as const

const STARTED = watchStarted(
  [
    ...WATCHED,
    aWatchedProbe('blue-login', { role: 'target', place: 'blue' }),
    aWatchedProbe('old-login', { role: 'target', place: 'preview' }),
  ],
  {
    analysis: { windowMs: 600_000, intervalMs: 30_000, initialDelayMs: 0, checks: [ERRORS, SLOW] },
    rules: [
      loginFails(2),
      {
        number: 2,
        result: 'inconclusive',
        conditions: [
          aCondition({
            kind: 'error_rate_threshold',
            result: 'met',
            done: 2,
            needed: 3,
            value: '7.2%',
            comparison: '>',
            threshold: '5%',
            source: 'prom',
            samples: 4210,
            check: 'errors',
          }),
          aCondition({
            kind: 'response_time_threshold',
            result: 'inconclusive',
            value: '300ms',
            threshold: '400ms',
            samples: 12,
            check: '',
          }),
        ],
      },
    ],
  },
)

const measured = (check: string, parts: Parameters<typeof aMeasurement>[0], progress: object = {}): WatchEvent => ({
  type: 'analysis.measured',
  measurement: aMeasurement({ check, at: NOW, ...parts }),
  progress: { ...PROGRESS, ...progress },
})

const EVENTS: readonly WatchEvent[] = [
  STARTED,
  ...['login', 'cart', 'mail', 'blue-login'].map((name) => sampled(name)),
  failing('login'),
  failing('mail', { detail: 'no route' }),
  sampled('cart', { verdict: 'unknown', detail: 'not asked' }),
  failing('admin', { latencyMs: 1800, attempts: 3, lateMs: 450 }),
  sampled('admin', { latencyMs: 900 }),
  measured('errors', { value: 0.072, samples: 4210, baseline: 0.01 }),
  measured('slow', { value: 512 }, { status: 'failed' }),
  {
    type: 'target.checked',
    version: 'v1.29.0',
    samples: [],
    comparisons: [
      { what: 'login', live: '3 of 3 fail', other: 'passes', isOtherBad: false },
      { what: 'errors', live: '7.2 %', other: '7.0 %', isOtherBad: true },
    ],
  },
]

const HEALTH = aWatchState(EVENTS)

test('the health screen lists every check, how near each trigger is, and the evidence of the selected row', () => {
  expect(paint(anAppState({ screen: 'health', back: ['history'], health: HEALTH }))).toMatchInlineSnapshot(`
    "
    ─ Triggers ─────────────────────────────────────────────────────────────────── proposes a rollback ─
     1   failures in a row {ok|2 of 3  ━━━━━━━━━━}──────  fires at 3, login, 500
     2   error rate        {bad|2 of 3  ━━━━━━━━━━}──────  {bad|7.2% > 5%, from prom (n=4210), errors}
     and response time p95 {warning|0 of 3}  ────────────────  300ms, limit 400ms, from probes (n=12), not users
    ─ Checks ──────────────────────────────────────────────────────────────────────── 1 of 9 ─ v1.30.0 ─
       CHECK           OF         STATE      LATENCY            P50     P95  LAST            SINCE
    » ▶ login           live       ✗ failing              ▁x    12ms    12ms  500             20:02:11Z
       cart            live       {warning|○ unknown}              {warning|▁?}    12ms    12ms  {warning|not asked}       20:02:11Z
       search          live       {warning|○ unknown}                       –       –  not asked yet   –
       admin           live       {ok|✓ passing}              {ok|x▇}   900ms    1.8s  200, was 500    20:02:11Z
       mail            live       {warning|▲ warning}              {warning|▁x}    12ms    12ms  {bad|no route}        20:02:11Z
       blue-login      blue       {ok|✓ passing}               {ok|▁}    12ms    12ms  200             20:02:11Z
       old-login       v1.29.0    {warning|○ unknown}                       –       –  not asked yet   –
       errors          prom       {ok|✓ within}     1 bad, max 2            {ok|7.2%}                  20:02:11Z
       slow            prom       {warning|✗ dry run}    1 bad, max 0           {warning|8m32s}                  20:02:11Z
    ─ Evidence ─ login ─────────────────────────────────────────────────────────────────────────────────
     20:02:11Z  took 12ms, 1 try
     GET https://api.myapp.example/login
     {bad|500 in 12 ms}
     {bad|{"error":"no session store"}}
     Rounds      50.0 % of the last 2 passed, 1 failing in a row

     20:02:11Z  {bad|✗}   12ms  {bad|500}
     20:02:11Z  {ok|✓}   12ms  200
     Compared    3 of 3 fail here, passes on the version to go back to
    "
  `)
})

test('on a wide screen the evidence stands beside the checks', () => {
  const state = anAppState({ screen: 'health', back: ['history'], health: HEALTH, cursors: { health: 3 } })

  expect(paint(state, 140, 30)).toMatchInlineSnapshot(`
    "
    ╭─ Triggers ─────────────────────────────────────────────────── proposes a rollback ─╮╭─ Evidence ─ admin ─────────────────────────────────╮
    │  1   failures in a row {ok|2 of 3  ━━}──  fires at 3, login, 500                        ││  20:02:11Z  took 900ms, 1 try                      │
    │  2   error rate        {bad|2 of 3  ━━}──  {bad|7.2% > 5%, from prom (n=4210), errors}         ││  GET https://api.myapp.example/login               │
    │  and response time p95 {warning|0 of 3}  ────  300ms, limit 400ms, from probes (n=12), not … ││  200 in 12 ms                                      │
    ╰────────────────────────────────────────────────────────────────────────────────────╯│  Rounds      50.0 % of the last 2 passed, 1 passi… │
    ╭─ Checks ──────────────────────────────────────────────────────── 4 of 9 ─ v1.30.0 ─╮│  Last error  20:02:11Z  500                        │
    │    CHECK         STATE      LATENCY          P50     P95  LAST         SINCE       ││                                                    │
    │    login         {bad|✗ failing}            {bad|▁x}    12ms    12ms  {bad|500}          20:02:11Z   ││  20:02:11Z  {ok|✓}  900ms  200                          │
    │    cart          {warning|○ unknown}            {warning|▁?}    12ms    12ms  {warning|not asked}    20:02:11Z   ││  20:02:11Z  {bad|✗}   1.8s  {bad|500}                          │
    │    search        {warning|○ unknown}                     –       –  not asked …  –           ││                                                    │
    │ » ▶ admin         ✓ passing            x▇   900ms    1.8s  200, was 5…  20:02:11Z   ││                                                    │
    │    mail          {warning|▲ warning}            {warning|▁x}    12ms    12ms  {bad|no route}     20:02:11Z   ││                                                    │
    │    blue-login    {ok|✓ passing}             {ok|▁}    12ms    12ms  200          20:02:11Z   ││                                                    │
    │    old-login     {warning|○ unknown}                     –       –  not asked …  –           ││                                                    │
    │    errors        {ok|✓ within}   1 bad, max 2            {ok|7.2%}               20:02:11Z   ││                                                    │
    │    slow          {warning|✗ dry run}  1 bad, max 0           {warning|8m32s}               20:02:11Z   ││                                                    │
    │                                                                                    ││                                                    │
    │                                                                                    ││                                                    │
    │                                                                                    ││                                                    │
    │                                                                                    ││                                                    │
    │                                                                                    ││                                                    │
    │                                                                                    ││                                                    │
    │                                                                                    ││                                                    │
    │                                                                                    ││                                                    │
    │                                                                                    ││                                                    │
    ╰────────────────────────────────────────────────────────────────────────────────────╯╰────────────────────────────────────────────────────╯
    "
  `)
})

test('the evidence of a row is whole: what was asked, what came back, how it went before', () => {
  const of = (health: number): string => `\n${evidenceText(anAppState({ health: HEALTH, cursors: { health } }))}\n`

  expect(of(0)).toMatchInlineSnapshot(`
    "
    20:02:11Z  took 12ms, 1 try
    GET https://api.myapp.example/login
    500 in 12 ms
    {"error":"no session store"}
    Rounds      50.0 % of the last 2 passed, 1 failing in a row

    20:02:11Z  ✗   12ms  500
    20:02:11Z  ✓   12ms  200
    Compared    3 of 3 fail here, passes on the version to go back to
    "
  `)
  expect(of(2)).toMatchInlineSnapshot(`
    "
    Not asked yet.
    "
  `)
  expect(of(3)).toMatchInlineSnapshot(`
    "
    20:02:11Z  took 900ms, 1 try
    GET https://api.myapp.example/login
    200 in 12 ms
    Rounds      50.0 % of the last 2 passed, 1 passing in a row
    Last error  20:02:11Z  500

    20:02:11Z  ✓  900ms  200
    20:02:11Z  ✗   1.8s  500
    "
  `)
  expect(of(7)).toMatchInlineSnapshot(`
    "
    20:02:11Z  from prom
    Value       7.2%   bad when > 5%
    Samples     4210
    Baseline    1%
    Counted     failures 1 (limit 2), inconclusive 0 (limit 1), errors in a row 0 (limit 4)
    Query       errors / requests
    Compared    7.2 % here, 7.0 % on the version to go back to: as bad
    "
  `)
  expect(of(8)).toMatchInlineSnapshot(`
    "
    20:02:11Z  from prom
    Value       8m32s   bad when > 400ms
    Samples     not known
    Counted     failures 1 (limit 0), inconclusive 0 (limit 0), errors in a row 0 (limit 4)
    "
  `)
})

test('an analysis that found no value says why', () => {
  const health = aWatchState([
    STARTED,
    measured('errors', { value: null, why: 'the query gives nothing' }, { inconclusiveCount: 1, why: 'nothing yet' }),
  ])
  const text = evidenceText(anAppState({ health, cursors: { health: 7 } }))

  expect(text).toContain('No value')
  expect(text).toContain('the query gives nothing')
  expect(text).toContain('nothing yet')
  expect(text).not.toContain('Baseline')
  const other = evidenceText(anAppState({ health, cursors: { health: 8 } }))
  expect(other).toBe('Not measured yet.')
})

test.each([
  ['a window', aWatchState([watchStarted(WATCHED, { endsAt: NOW })], { purpose: 'window' }), 'watched until 20:02:11Z'],
  ['a run', aWatchState([STARTED], { purpose: 'run' }), 'not acted on while a run goes on'],
  ['a proposal', aWatchState([STARTED]), 'proposes a rollback'],
  ['an armed watch', aWatchState([watchStarted(WATCHED, { mode: 'auto' })]), 'rolls back by itself'],
  ['one that is off', aWatchState([watchStarted(WATCHED, { mode: 'off' })]), 'only shows'],
  [
    'one that was changed',
    aWatchState([STARTED, { type: 'mode.changed', mode: 'propose', why: 'held by ana' }]),
    'proposes a rollback ─ held by ana',
  ],
  ['no trigger', aWatchState([watchStarted(WATCHED, { rules: [] })]), 'No trigger is configured'],
  [
    'a watch that ended',
    aWatchState([STARTED], { error: { code: 'HEALTH_NOT_CONFIGURED', message: 'gone', hint: null, details: null } }),
    'Not watched: gone',
  ],
  ['nothing', null, 'Nothing is watched.'],
])('the health screen of %s says so', (_what, health, expected) => {
  expect(paint(anAppState({ screen: 'health', health }))).toContain(expected)
})

test('where little room is, the triggers are left out and the checks stay', () => {
  const tiny = paint(anAppState({ screen: 'health', health: HEALTH }), 70, 16)

  expect(tiny).not.toContain('Triggers')
  expect(tiny).toContain('login')
})

const plan = { ...aPlan(), reason: 'login fails' }
const fired: readonly WatchEvent[] = [
  STARTED,
  failing('login'),
  {
    type: 'trigger.fired',
    rule: {
      ...loginFails(3),
      conditions: [
        ...loginFails(3).conditions,
        aCondition({ kind: 'analysis', check: 'errors', done: 2, threshold: '1', value: '' }),
      ],
    },
  },
]
const proposed: WatchEvent = { type: 'rollback.proposed', plan, why: 'held' }

test.each<readonly [string, readonly WatchEvent[], string | null]>([
  ['nothing is wrong', [STARTED, sampled('login')], null],
  ['only a warning fails', [STARTED, failing('mail')], null],
  ['only another copy fails', [STARTED, failing('blue-login')], null],
  [
    'a critical check fails, behind a warning',
    [STARTED, failing('mail', { detail: 'no route' }), failing('admin', { detail: '503' })],
    ' {bad|✗} {bad|1 of 4 failing. admin: 503, 2 of 3}  2 shows it',
  ],
  ['a trigger fired', fired, ' {bad|✗} {bad|login fails 3 of 3 (500) and errors: 2 failures, limit 1}  2 shows it'],
  [
    'a trigger fired and nothing can follow',
    [
      ...fired,
      {
        type: 'rollback.refused',
        error: { code: 'TARGET_UNSAFE', message: 'no target', hint: null, details: null },
      },
    ],
    ' {bad|✗} {bad|no target (login fails 3 of 3 (500) and errors: 2 failures, limit 1)}  2 shows it',
  ],
  [
    'a rollback is proposed',
    [...fired, proposed],
    ' {bad|✗} {bad|login fails 3 of 3 (500) and errors: 2 failures, limit 1, held}  v reviews the rollback to v1.29.0',
  ],
  [
    'an analysis can say nothing',
    [STARTED, { type: 'analysis.inconclusive', check: 'errors', why: 'no data' }],
    ' {warning|▲} {warning|errors is inconclusive: no data}  2 shows it',
  ],
])('the alarm when %s', (_what, events, expected) => {
  const line = healthAlarm(anAppState({ health: aWatchState(events) }), 120)

  expect(line ? linesText([line])[0] : null).toBe(expected)
})

test('on its own screen the alarm does not name the key that leads there', () => {
  const line = healthAlarm(anAppState({ screen: 'health', health: anAlarm() }), 120)

  expect(linesText(line ? [line] : [])).toEqual([' {bad|✗} {bad|1 of 4 failing. login: 500, 2 of 3}'])
})

test('a watch that ended raises no alarm', () => {
  const error = { code: 'HEALTH_NOT_CONFIGURED', message: 'gone', hint: null, details: null } as const

  expect(healthAlarm(anAppState({ health: { ...anAlarm(), error } }), 120)).toBeUndefined()
})

test('seconds before an automatic rollback the screen says how to stop it', () => {
  const started: WatchEvent = { type: 'countdown.started', plan, ms: 30_000, endsAt: '2026-02-01T20:02:41.000Z' }
  const state = anAppState({ health: aWatchState([...fired, proposed, started]) })
  const textOf = (parts: object): readonly string[] => {
    const line = countdownLine({ ...state, ...parts })
    return linesText(line ? [line] : [])
  }

  expect(textOf({})).toEqual([' {bad|▲ Auto rollback to v1.29.0 in 0m30}   A holds it  v reviews it'])
  expect(textOf({ now: '2026-02-01T20:03:00.000Z' })).toEqual([
    ' {bad|▲ Auto rollback to v1.29.0 in 0m00}   A holds it  v reviews it',
  ])
  expect(textOf({ help: { text: '', offset: 0 } })).toEqual([
    ' {bad|▲ Auto rollback to v1.29.0 in 0m30}   esc and A holds it',
  ])
  expect(countdownLine(anAppState({ health: anAlarm() }))).toBeUndefined()
})

test('triggers are numbered once, with a bar that is full only when they fire', () => {
  expect(`\n${linesText(triggerLines(aWatchView([STARTED]), 110)).join('\n')}\n`).toMatchInlineSnapshot(`
    "
     1   failures in a row {ok|2 of 3}  {ok|━━━━━━━━━━}──────  fires at 3, login, 500
     2   error rate        {bad|2 of 3}  {bad|━━━━━━━━━━}──────  {bad|7.2% > 5%, from prom (n=4210), errors}
     and response time p95 {warning|0 of 3}  ────────────────  300ms, limit 400ms, from probes (n=12), not users
    "
  `)
})

test('a slot is named as it is, and a check that was never asked has no figures', () => {
  const view = aWatchView(EVENTS)
  const cells = view.probes.map((probe) =>
    healthCells({ kind: 'probe', probe }, view, 90).map(({ text }) => text.trim()),
  )

  expect(`\n${cells.map((row) => row.join(' | ')).join('\n')}\n`).toMatchInlineSnapshot(`
    "
    login | live | ✗ failing | ▁x | 12ms | 12ms | 500 | 20:02:11Z | 20:02:21Z
    cart | live | ○ unknown | ▁? | 12ms | 12ms | not asked | 20:02:11Z | 20:02:21Z
    search | live | ○ unknown |  | – | – | not asked yet | – | –
    admin | live | ✓ passing | x▇ | 900ms | 1.8s | 200, was 500 | 20:02:11Z | 20:02:21Z
    mail | live | ▲ warning | ▁x | 12ms | 12ms | no route | 20:02:11Z | 20:02:21Z
    blue-login | blue | ✓ passing | ▁ | 12ms | 12ms | 200 | 20:02:11Z | 20:02:21Z
    old-login | v1.29.0 | ○ unknown |  | – | – | not asked yet | – | –
    "
  `)
})
