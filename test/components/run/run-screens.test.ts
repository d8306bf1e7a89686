import { anAppState, linesText, paint } from '../../support/harness/painted.tsx'
import { expect, test } from 'vitest'
import { manualSteps } from '../../../components/recovery/manual-steps.ts'
import { exitText, outcomeLines } from '../../../components/run/result-lines.ts'
import { resultWord, runSummary } from '../../../components/run/run-summary.ts'
import type { RunEvent } from '../../../src/events/events.ts'
import type { RunState } from '../../../store/run/run-state.ts'
import { aPlan, anOverview, aRunSummary, aStep, FREE_LOCK, NOW } from '../../support/builders/app-builders.ts'
import { aRunState, aRunView, doneStep, failedStep } from '../../support/builders/an-open-run.ts'
import { aWatchState, WATCHED } from '../../support/builders/a-watch-view.ts'
import { watchStarted } from '../../support/engine/health-script.ts'

const [BREW = '', SCOOP = '', DOCKER = ''] = aPlan().steps.map(({ id }) => id)
const SKIPPED = { package: aStep(3).package, status: 'skipped', reason: 'asked for', observed: null } as const
const PLAN = aPlan({ steps: aPlan().steps.slice(0, 3), excluded: [SKIPPED] })

const finished = (
  result: 'complete' | 'partial' | 'failed' | 'aborted' | 'undone' | 'manual',
  exitCode: number,
): RunEvent => ({
  type: 'run.finished',
  result,
  exitCode,
  summary: 'As asked.',
})
const MIXED: readonly RunEvent[] = [
  ...doneStep(BREW),
  ...failedStep(SCOOP),
  { type: 'step.started', step: DOCKER, direction: 'do', attempt: 1 },
  { type: 'step.progress', step: DOCKER, status: 'executing', done: 1, total: 3, label: 'pushing the tag' },
]
const SWEPT: RunEvent = {
  type: 'sweep.finished',
  observations: [
    { step: BREW, pointer: { latest: '1.29.0' }, serving: '1.29.0', agrees: true },
    { step: DOCKER, pointer: { latest: '1.30.0' }, serving: null, agrees: false },
  ],
}
const LOG = [{ at: NOW, step: BREW, text: 'started', tone: 'dim' }] as const

test('a run at work shows every registry with its own bar, what is skipped, and the log', () => {
  const run = aRunState(aRunView(MIXED, PLAN), { isActive: true, log: LOG })

  expect(paint(anAppState({ screen: 'run', run }))).toMatchInlineSnapshot(`
    "
    ─ Rollback ───────────────────────────────── 1 done · 1 running · 0 waiting · 1 failed · 1 skipped ─
     {warning|━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━}────────────────────────────────────────────────────  44 %
     ▶ brew    {ok|━━━━━━━━━━━━━━━━━━━━━━━━━━}  {ok|✓ done}    reads back 1.29.0                           0m02
       scoop   ──────────────────────────  {bad|✗ failed  the registry said 403}                       0m01
       docker  ━━━━━━━━──────────────────  ◐ 1 of 3  pushing the tag                             0m00
       npm               {warning|○ skipped: asked for}
    ─ Log ─────────────────────────────────────────────────────────────────────────────── newest below ─
     20:02:11Z  brew    started
    "
  `)
  expect(paint(anAppState({ screen: 'run', run, cursors: { run: 1 } }), 130, 26)).toMatchInlineSnapshot(`
    "
    ╭─ Rollback ───────────────────────────────────────────────────────────── 1 done · 1 running · 0 waiting · 1 failed · 1 skipped ─╮
    │  {warning|━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━}──────────────────────────────────────────────────────────────────  44 %  │
    │    brew    {ok|━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━}  {ok|✓ done}    reads back 1.29.0                                               0m02    │
    │  ▶ scoop   ────────────────────────────────  {bad|✗ failed  the registry said 403}                                           0m01    │
    │    docker  ━━━━━━━━━━──────────────────────  ◐ 1 of 3  pushing the tag                                                 0m00    │
    │    npm               {warning|○ skipped: asked for}                                                                                      │
    ╰────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────╯
    ╭─ Step 2 ─ scoop myapp ─────────────────────────────╮╭─ Log ───────────────────────────────────────────────────── newest below ─╮
    │  Step            Put the manifest of 1.29.0 at th… ││  20:02:11Z  brew    started                                              │
    │  Attempt         2                                 ││                                                                          │
    │  New installs    New installs get the old          ││                                                                          │
    │                  version, unless a bot raises the  ││                                                                          │
    │                  manifest again.                   ││                                                                          │
    │  Existing users  No existing install goes back:    ││                                                                          │
    │                  scoop update only goes up.        ││                                                                          │
    │  Time to effect  At each user's next scoop         ││                                                                          │
    │                  update.                           ││                                                                          │
    │  Can be undone   yes, 1 action puts it back        ││                                                                          │
    │                                                    ││                                                                          │
    │                                                    ││                                                                          │
    │                                                    ││                                                                          │
    ╰────────────────────────────────────────────────────╯╰──────────────────────────────────────────────────────────────────────────╯
    "
  `)
})

test('a run that is watched says whose it is and when it last gave a sign of life', () => {
  const holder = { ...FREE_LOCK, state: 'held', who: 'bob', host: 'bastion', since: NOW, lastBeat: NOW } as const
  const watched = (state: 'held' | 'silent'): string =>
    paint(
      anAppState({
        screen: 'run',
        run: aRunState(aRunView([], PLAN), { isActive: true, holder: { ...holder, state } }),
      }),
    )

  expect(watched('held')).toContain(' bob on bastion runs it since 20:02:11Z, alive 0s ago.')
  expect(watched('silent')).toContain('{warning|▲ bob on bastion gives no sign of life since 20:02:11Z.}')
  expect(watched('held')).not.toContain('takes it over')
})

test.each([
  ['the lock is being taken', null, 'Taking the lock'],
  ['it goes back', aRunView([{ type: 'run.decided', direction: 'undo', reason: 'x' }]), 'Rollback, going back'],
  ['it is an undo', aRunView([], aPlan({ kind: 'undo' })), '─ Undo ─'],
])('a run says that %s', (_what, view, expected) => {
  expect(paint(anAppState({ screen: 'run', run: aRunState(view, { isActive: true }) }))).toContain(expected)
})

test('a result names what every registry served when it was read last, and what is left by hand', () => {
  const run = aRunState(aRunView([...MIXED, SWEPT, finished('partial', 6)], PLAN))

  expect(paint(anAppState({ screen: 'result', run }))).toMatchInlineSnapshot(`
    "
    ─ Result ──────────────────────────────────────────────────────────────────── run 01JKX7M3Q8ZB7F3A ─
     {bad|▲ PARTIAL: some registries are not done}
     Version       v1.30.0 → v1.29.0   1 of 4 registries   0m15
     Skipped       {warning|npm @acme/myapp}
     Exit code     6
     Summary       As asked.
    ─ State when the run ended (20:02:26Z) ─────────────────────────────── as read from the registries ─
       brew      {ok|✓ done}      {ok|✓} serves 1.29.0  1.29.0
       scoop     {bad|✗ failed}    {bad|the registry said 403}
       docker    ◐ 1 of 3    {bad|✗ serves}  1.30.0
       npm       {warning|○ skipped: asked for; not touched}
    ─ Manual steps ─────────────────────────────────────────────────────────────────────────────────────
     scoop myapp: Put the manifest of 1.29.0 at the head of the bucket
       tool restore myapp@1.29.0

     docker acme/myapp: Point tag latest at the image of 1.29.0
       tool restore acme/myapp@1.29.0

     Those who already have v1.30.0:
       brew: A formula stays at the bad version until its users uninstall and install it again.
    "
  `)
})

test('a whole result says every registry, and says no more than that', () => {
  const view = aRunView([
    ...aPlan().steps.flatMap(({ id }) => doneStep(id)),
    { type: 'history.committed', deploymentId: 31, revision: 4 },
    finished('complete', 0),
  ])
  const text = paint(anAppState({ screen: 'result', run: aRunState(view) }))

  expect(text).toContain('{ok|✓ COMPLETE: every registry was read back}')
  expect(text).toContain('Exit code     0   history entry 31')
  expect(text).toContain('Nothing is left to do on the registries.')
  expect(text).toContain('Those who already have v1.30.0:')
  expect(text).not.toContain('Skipped')
  expect(text).not.toContain('Health')
})

const outcome = (run: RunState, watchedUntil: string | null = null): readonly string[] =>
  linesText(outcomeLines(run, 90, { watchedUntil, exit: '0' }))
const allDone = (events: readonly RunEvent[], plan = PLAN) =>
  aRunView([...[BREW, SCOOP, DOCKER].flatMap(doneStep), ...events], plan)
const goesBack: RunEvent = { type: 'run.decided', direction: 'undo', reason: 'x' }

test.each([
  ['{warning|✓ COMPLETE without 1 skipped registry: the others were read back}', allDone([finished('complete', 0)])],
  ['{bad|▲ PARTIAL: some registries are not done}', aRunView([...MIXED, finished('partial', 6)], PLAN)],
  ['{bad|✗ FAILED}', aRunView([...MIXED, finished('failed', 6)], PLAN)],
  ['{warning|▲ STOPPED: nothing was undone}', aRunView([finished('aborted', 12)], PLAN)],
  [
    '{warning|↺ UNDONE without 1 skipped registry: the other pointers are back}',
    aRunView([finished('undone', 0)], PLAN),
  ],
  ['{ok|↺ UNDONE: every pointer is back where it was}', aRunView([finished('undone', 0)])],
  ['{bad|↺ TAKEN BACK AFTER A FAILURE}', aRunView([finished('undone', 6)], PLAN)],
  ['{warning|▲ MANUAL STEPS ARE LEFT}', aRunView([finished('manual', 7)], PLAN)],
  ['{warning|▲ MANUAL STEPS ARE LEFT TO GO BACK}', aRunView([goesBack, finished('manual', 7)], PLAN)],
  ['{bad|▲ TAKEN BACK IN PART: some registries are not back}', aRunView([goesBack, finished('partial', 6)], PLAN)],
  ['{warning|▲ OPEN}', aRunView(MIXED, PLAN)],
])('a result begins with %s', (expected, view) => {
  expect(outcome(aRunState(view))[0]?.trim()).toBe(expected)
})

test('a run that ended with an error says whether anything had begun, and what helps', () => {
  const error = { code: 'LOCKED', message: 'ana is at it', hint: 'Wait.', details: null } as const

  expect(outcome(aRunState(null, { error }))).toEqual([
    ' {bad|✗} {bad|Refused before anything was changed}',
    '   LOCKED  ana is at it',
    '   Wait.',
    ' Exit code     0',
  ])
  expect(outcome(aRunState(aRunView([]), { error: { ...error, hint: null } }))).toEqual([
    ' {bad|✗} {bad|The run ended with an error}',
    '   LOCKED  ana is at it',
    ' Exit code     0',
  ])
})

test.each([
  [{ state: 'watching' }, null, ' Health        ○ being watched; leaving now keeps the verdict open'],
  [{ state: 'watching' }, NOW, ' Health        ○ being watched until 20:02:11Z; leaving now keeps the verdict open'],
  [{ state: 'healthy', watchedMs: 600_000, why: '' }, null, ' Health        {ok|✓ healthy, watched for 10m00}'],
  [{ state: 'unhealthy', watchedMs: 60_000, why: 'login' }, null, ' Health        {bad|✗ UNHEALTHY, watched for 1m00}'],
  [{ state: 'unknown', watchedMs: 0, why: '' }, null, ' Health        {warning|▲ not known, watched for 0m00}'],
] as const)('how the version does that was gone back to: %o %s', (health, until, expected) => {
  const rows = outcome(aRunState(allDone([finished('complete', 0)]), { health }), until)

  expect(rows).toContain(expected)
  expect(rows.includes('               login')).toBe('why' in health && health.why !== '')
})

test('the exit code of a run from the journal is the one it ended with then', () => {
  const past = aRunState(allDone([finished('partial', 6)]))

  expect(exitText(anAppState({ screen: 'result', past }))).toBe('6, when that run ended')
  expect(exitText(anAppState({ screen: 'result', run: past }))).toBe('6')
  expect(exitText(anAppState({ screen: 'result', past: aRunState(aRunView([])) }))).toBe('–, when that run ended')
  expect(exitText(anAppState({ screen: 'result' }))).toBe('–')
})

test('what is left by hand goes in the direction in which the run goes', () => {
  const of = (events: readonly RunEvent[], plan = PLAN) =>
    manualSteps(anAppState({ screen: 'result', run: aRunState(aRunView(events, plan)) }))

  expect(of(MIXED)).toEqual([
    'scoop myapp: Put the manifest of 1.29.0 at the head of the bucket',
    '  tool restore myapp@1.29.0',
    '',
    'docker acme/myapp: Point tag latest at the image of 1.29.0',
    '  tool restore acme/myapp@1.29.0',
    '',
    'Those who already have v1.30.0:',
    '  brew: A formula stays at the bad version until its users uninstall and install it again.',
  ])
  expect(of([...MIXED, goesBack])).toEqual(expect.arrayContaining(['brew myapp: Restore brew to v1.30.0']))
  expect(of([...MIXED, goesBack]).join('\n')).not.toContain('Those who already have')
  expect(of(doneStep(BREW), aPlan({ kind: 'undo' })).join('\n')).not.toContain('Those who already have')
  expect(manualSteps(anAppState({ screen: 'result' }))).toEqual([])
})

test.each<readonly [string, Partial<RunState>]>([
  ['WATCHED', { isActive: true, holder: FREE_LOCK }],
  ['RUNNING', { isActive: true }],
  ['PAUSED', { isActive: true, isPaused: true }],
  ['CUT OFF', { error: { code: 'RUN_INTERRUPTED', message: '', hint: null, details: null } }],
  ['NOT RUN', { error: { code: 'LOCKED', message: '', hint: null, details: null } }],
  ['OPEN', {}],
  ['FAILED', { outcome: { result: 'failed', exitCode: 6 } }],
])('a run is called %s', (word, parts) => {
  expect(resultWord(aRunState(null, parts))).toBe(word)
})

const summary = (run: RunState, parts: Parameters<typeof anOverview>[0] = {}): string =>
  `\n${runSummary(anAppState({ overview: anOverview(parts) }), run)}`

test('what stays on the normal screen says what failed, what is skipped, and which command goes on', () => {
  const open = aRunState(aRunView([...MIXED, SWEPT, finished('partial', 6)], PLAN))

  expect(summary(open)).toMatchInlineSnapshot(`
    "
    bagboy-tui: myapp PRODUCTION  v1.30.0 -> v1.29.0  PARTIAL  1 of 3 done, 0m15
      failed  scoop myapp  the registry said 403
      skipped npm @acme/myapp  asked for
      resume  bagboy-tui runs resume 01JKX7M3Q8ZB7F3A
      show    bagboy-tui runs show 01JKX7M3Q8ZB7F3A
    "
  `)
  expect(summary(aRunState(allDone([finished('complete', 0)])))).toMatchInlineSnapshot(`
    "
    bagboy-tui: myapp PRODUCTION  v1.30.0 -> v1.29.0  COMPLETE  3 of 3 done, 0m19
      skipped npm @acme/myapp  asked for
      undo    bagboy-tui runs undo 01JKX7M3Q8ZB7F3A
      show    bagboy-tui runs show 01JKX7M3Q8ZB7F3A
    "
  `)
  expect(
    summary(
      aRunState(allDone([finished('complete', 0)]), { health: { state: 'unhealthy', watchedMs: 1, why: 'login' } }),
    ),
  ).toContain('  health  unhealthy: login\n')
  expect(summary(aRunState(allDone([finished('complete', 0)]), { health: { state: 'watching' } }))).toContain(
    '  health  not watched to the end\n',
  )
  expect(summary(aRunState(aRunView([], PLAN), { isActive: true, holder: FREE_LOCK }))).toContain(
    '  watch   bagboy-tui runs follow',
  )
  expect(summary(aRunState(allDone([finished('undone', 0)])))).not.toContain('  undo ')
  expect(
    summary(aRunState(aRunView([finished('aborted', 12)], PLAN)), {
      runs: [aRunSummary({ isOpen: false, result: 'aborted' })],
    }),
  ).not.toMatch(/ {2}(?:resume|undo) /u)
  expect(summary(open, { runs: [aRunSummary({ isOpen: false, result: 'partial' })] })).toContain(
    '  undo    bagboy-tui runs undo',
  )
})

test('a run that did not start is told in one line, and no run in none', () => {
  const error = { code: 'LOCKED', message: 'ana is at it', hint: null, details: null } as const

  expect(runSummary(anAppState(), aRunState(null, { error }))).toBe(
    'bagboy-tui: run 01JKX7M3Q8ZB7F3A did not start: ana is at it\n',
  )
  expect(runSummary(anAppState(), aRunState(null))).toBe('')
  expect(runSummary(anAppState())).toBe('')
})

test('while the version is watched the result says until when', () => {
  const health = aWatchState([watchStarted(WATCHED, { endsAt: NOW })], { purpose: 'window' })
  const run = aRunState(allDone([finished('complete', 0)]), { health: { state: 'watching' } })

  expect(paint(anAppState({ screen: 'result', run, health }))).toContain('being watched until 20:02:11Z')
  expect(paint(anAppState({ screen: 'result', run, health: { ...health, purpose: 'guard' } }))).toContain(
    'being watched; leaving',
  )
})
