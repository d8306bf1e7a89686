import { anAppState, linesText, paint } from '../../support/harness/painted.tsx'
import { expect, test } from 'vitest'
import type { AppState } from '../../../store/state.ts'
import {
  aDeployment,
  aHistory,
  anOverview,
  aRunSummary,
  aStatus,
  NOW,
  packagesOf,
  version,
} from '../../support/builders/app-builders.ts'
import { statusLines } from '../../../components/frame/status-lines.ts'
import { aWatchState, anAlarm } from '../../support/builders/a-watch-view.ts'
import { failing, sampled } from '../../support/engine/health-script.ts'

const HELD = [{ version: version('v1.28.0'), reason: 'lost carts', at: NOW }]
const STATUSES = [
  aStatus(0),
  aStatus(1, { state: 'drift', serving: '1.28.0' }),
  aStatus(2, { state: 'unreadable', serving: null }),
  aStatus(3, { state: 'held-version', serving: '1.28.0' }),
]

const rich = (parts: Partial<AppState> = {}): AppState => {
  const history = aHistory(9, { held: HELD })
  const deployments = history.deployments.map((one, index) => {
    if (index === 1) {
      const packages = packagesOf('v1.8.0').map((record, at) => ({
        ...record,
        status: (['deployed', 'already', 'skipped', 'failed'] as const)[at] ?? ('manual' as const),
      }))
      return { ...one, kind: 'rollback' as const, packages }
    }
    return index === 3 ? { ...one, status: 'partial' as const, packages: [] } : one
  })
  return anAppState({
    overview: anOverview({
      history: { ...history, held: [{ version: version('v1.7.0'), reason: 'bad', at: NOW }], deployments },
    }),
    registries: STATUSES,
    registriesAt: '2026-02-01T20:01:00.000Z',
    markedId: 5,
    ...parts,
  })
}

test('the history lists what was deployed, and what the selected version serves where', () => {
  expect(paint(rich())).toMatchInlineSnapshot(`
    "
    ─ History ──────────────────────────────────────────────────────────────────────── 1 of 9 ─ newest ─
       VERSION     AGE   COMMIT   STATE          REGISTRIES  HEALTH       NOTE
    » ▶ v1.9.0      2h    41b2939  ● live             4 of 4  ✗ unhealthy
       v1.8.0      7d    3a65d88  ✓ superseded       {warning|2 of 4}  {ok|✓ healthy}    rollback
       v1.7.0      14d   33191d7  {warning|↺ rolled back}      4 of 4  {bad|✗ unhealthy}  {warning|⊘ held}
       v1.6.0      21d   2bcc626  {warning|▲ partial}               –  {ok|✓ healthy}
       v1.5.0      28d   247fa75  {bad|✗ failed}           4 of 4  {bad|✗ unhealthy}  ▣ marked
       v1.4.0      35d   1d32ec4  ✓ superseded       4 of 4  {ok|✓ healthy}
       v1.3.0      42d   15e6313  ✓ superseded       4 of 4  {ok|✓ healthy}
       v1.2.0      49d   e99762a  {warning|↺ rolled back}      4 of 4  {bad|✗ unhealthy}  ⊘ pinned
       v1.1.0      56d   74cbb1a  ✓ superseded       4 of 4  {ok|✓ healthy}










    ─ v1.9.0  packages ──────────────────────────────────────────────────────── served as of 20:01:00Z ─
       brew myapp         {ok|✓ deployed  ✓ serves 1.30.0}   v1.9.0
       scoop myapp        {ok|✓ deployed}  {warning|▲ serves 1.28.0}   v1.9.0
       docker acme/myapp  {ok|✓ deployed}  {bad|✗ cannot be read}  sha256:6f2c0a0a0a0a
       npm @acme/myapp    {ok|✓ deployed}  {bad|✗ serves 1.28.0}   v1.9.0
    "
  `)
})

test('beside the list stands everything that is known of the selected version', () => {
  expect(paint(rich({ cursors: { history: 1 } }), 130, 30)).toMatchInlineSnapshot(`
    "
    ╭─ History ──────────────────────────────────────────────── 2 of 9 ─ newest ─╮╭─ v1.8.0 ─────────────────────────────────────────╮
    │    VERSION     AGE   STATE          REGISTRIES  HEALTH       NOTE          ││  State        ✓ superseded   {ok|✓ healthy}           │
    │    v1.9.0      2h    {ok|● live}             4 of 4  {bad|✗ unhealthy}                ││  Deployed     2026-01-25 18:02Z   rollback       │
    │ » ▶ v1.8.0      7d    ✓ superseded       2 of 4  ✓ healthy    rollback      ││  Commit       3a65d88abcde                       │
    │    v1.7.0      14d   {warning|↺ rolled back}      4 of 4  {bad|✗ unhealthy}  {warning|⊘ held}        ││  Environment  production                         │
    │    v1.6.0      21d   {warning|▲ partial}               –  {ok|✓ healthy}                  ││                                                  │
    │    v1.5.0      28d   {bad|✗ failed}           4 of 4  {bad|✗ unhealthy}  ▣ marked      ││  Packages                                        │
    │    v1.4.0      35d   ✓ superseded       4 of 4  {ok|✓ healthy}                  ││    brew myapp         {ok|✓ deployed}  v1.8.0         │
    │    v1.3.0      42d   ✓ superseded       4 of 4  {ok|✓ healthy}                  ││    scoop myapp        {ok|✓ already}   v1.8.0         │
    │    v1.2.0      49d   {warning|↺ rolled back}      4 of 4  {bad|✗ unhealthy}  ⊘ pinned      ││    docker acme/myapp  ○ skipped   sha256:6f2c0a… │
    │    v1.1.0      56d   ✓ superseded       4 of 4  {ok|✓ healthy}                  ││    npm @acme/myapp    {bad|✗ failed}    v1.8.0         │
    │                                                                            ││                                                  │
    │                                                                            ││  Health when it was deployed                     │
    │                                                                            ││    {ok|✓} https://api.myapp.example/h…  passing       │
    │                                                                            ││                                                  │
    │                                                                            ││                                                  │
    │                                                                            ││                                                  │
    │                                                                            ││                                                  │
    │                                                                            ││                                                  │
    │                                                                            ││                                                  │
    │                                                                            ││                                                  │
    │                                                                            ││                                                  │
    │                                                                            ││                                                  │
    │                                                                            ││                                                  │
    │                                                                            ││                                                  │
    ╰────────────────────────────────────────────────────────────────────────────╯╰──────────────────────────────────────────────────╯
    "
  `)
})

test('the worst checks stand below the history', () => {
  const health = aWatchState([
    ...['login', 'cart', 'search', 'admin', 'mail'].map((name) => sampled(name)),
    failing('search'),
  ])

  expect(paint(rich({ health }), 100, 26)).toMatchInlineSnapshot(`
    "
    ─ History ──────────────────────────────────────────────────────────────────────── 1 of 9 ─ newest ─
       VERSION     AGE   COMMIT   STATE          REGISTRIES  HEALTH       NOTE
    » ▶ v1.9.0      2h    41b2939  ● live             4 of 4  ✗ unhealthy
       v1.8.0      7d    3a65d88  ✓ superseded       {warning|2 of 4}  {ok|✓ healthy}    rollback
       v1.7.0      14d   33191d7  {warning|↺ rolled back}      4 of 4  {bad|✗ unhealthy}  {warning|⊘ held}
       v1.6.0      21d   2bcc626  {warning|▲ partial}               –  {ok|✓ healthy}
       v1.5.0      28d   247fa75  {bad|✗ failed}           4 of 4  {bad|✗ unhealthy}  ▣ marked
       v1.4.0      35d   1d32ec4  ✓ superseded       4 of 4  {ok|✓ healthy}
       v1.3.0      42d   15e6313  ✓ superseded       4 of 4  {ok|✓ healthy}
       v1.2.0      49d   e99762a  {warning|↺ rolled back}      4 of 4  {bad|✗ unhealthy}  ⊘ pinned
       v1.1.0      56d   74cbb1a  ✓ superseded       4 of 4  {ok|✓ healthy}

    ─ v1.9.0  packages ──────────────────────────────────────────────────────── served as of 20:01:00Z ─
       brew myapp         {ok|✓ deployed  ✓ serves 1.30.0}   v1.9.0
       scoop myapp        {ok|✓ deployed}  {warning|▲ serves 1.28.0}   v1.9.0
       docker acme/myapp  {ok|✓ deployed}  {bad|✗ cannot be read}  sha256:6f2c0a0a0a0a
       npm @acme/myapp    {ok|✓ deployed}  {bad|✗ serves 1.28.0}   v1.9.0
    ─ Health ───────────────── live: 1 of 4 failing ─ the worst 3 of 5 ─ next 20:02:21Z ─ 2 shows more ─
       CHECK           OF         STATE      LATENCY            P50     P95  LAST            SINCE
       search          live       {bad|✗ failing}              {bad|▁x}    12ms    12ms  {bad|500}             20:02:11Z
       login           live       {ok|✓ passing}               {ok|▁}    12ms    12ms  200             20:02:11Z
       cart            live       {ok|✓ passing}               {ok|▁}    12ms    12ms  200             20:02:11Z
    "
  `)
})

test('what is read last is not said of another version than the live one', () => {
  expect(paint(rich({ cursors: { history: 2 } }))).not.toContain('served as of')
  expect(paint(rich())).toContain('served as of 20:01:00Z')
})

test.each([
  ['reading the others', { overview: anOverview({ isPartial: true }) }, 'the newest 30 ─ reading the others'],
  ['nothing matches', { filter: { text: 'zzz', isOpen: false } }, 'No version matches the filter. esc clears it.'],
  ['a filter', { filter: { text: 'state:failed', isOpen: false } }, '1 of 6 ─ state:failed (30 in all)'],
  ['an empty history', { overview: anOverview({ history: aHistory(0) }) }, 'The history is empty.'],
])('the history says that it is %s', (_what, parts, expected) => {
  expect(paint(anAppState(parts))).toContain(expected)
})

test('a version screen holds every fact, and no row for one that is not recorded', () => {
  const one = aDeployment('v1.9.0', {
    id: 9,
    status: 'active',
    kind: 'rollback',
    healthVerdict: 'unhealthy',
    from: version('v1.10.0'),
    reason: '5xx on checkout',
    notes: 'two regions',
    incident: 'INC-42',
    run: '01JKX7M3Q8ZB7F3A',
    pinned: true,
    healthChecks: [
      { label: 'https://api.myapp.example/health', status: 'passing' },
      { label: 'login', status: 'failing' },
      { label: 'mail', status: 'healthy' },
    ],
  })
  const history = {
    ...aHistory(3),
    deployments: [one],
    held: [{ version: version('v1.9.0'), reason: 'lost carts', at: NOW }],
  }
  const state = anAppState({
    screen: 'version',
    back: ['history'],
    overview: anOverview({ history }),
    registries: STATUSES,
    registriesAt: '2026-02-01T20:01:00.000Z',
  })

  expect(paint(state)).toMatchInlineSnapshot(`
    "
    ─ History ▸ v1.9.0 ───────────────────────────────────────────────────────────── entry 9 ─ 17d ago ─
     State        {ok|● live}   {bad|✗ unhealthy}
     Deployed     2026-01-15 12:00Z   rollback
     Commit       def5678
     From         v1.10.0
     Reason       5xx on checkout
     Notes        two regions
     Incident     INC-42
     Environment  production
     Run          01JKX7M3Q8ZB7F3A
     Held         {warning|lost carts}
     Pinned       yes, it is never pruned

     Packages, served as of 20:01:00Z
       brew myapp         {ok|✓ deployed  ✓ serves 1.30.0}   v1.9.0
       scoop myapp        {ok|✓ deployed}  {warning|▲ serves 1.28.0}   v1.9.0
       docker acme/myapp  {ok|✓ deployed}  {bad|✗ cannot be read}  sha256:6f2c0a0a0a0a
       npm @acme/myapp    {ok|✓ deployed}  {bad|✗ serves 1.28.0}   v1.9.0

     Health when it was deployed
       {ok|✓} https://api.myapp.example/health  passing
       {bad|✗} login                             failing
       {ok|✓} mail                              healthy
    "
  `)
  const bare = aDeployment('v1.2.0', { packages: [], healthChecks: [] })
  const other = anAppState({
    screen: 'version',
    overview: anOverview({ history: { ...history, deployments: [bare], held: [] } }),
  })
  expect(paint(other)).toMatchInlineSnapshot(`
    "
    ─ History ▸ v1.2.0 ───────────────────────────────────────────────────────────── entry 1 ─ 17d ago ─
     State        ✓ superseded   {ok|✓ healthy}
     Deployed     2026-01-15 12:00Z   deploy
     Commit       def5678
     Environment  production

     Packages
       none recorded

     Health when it was deployed
       no checks recorded
    "
  `)
})

const status = (parts: Partial<AppState>) => linesText(statusLines(anAppState(parts), 80))
const unhealthyLive = anOverview({
  history: {
    ...aHistory(2),
    deployments: [
      aDeployment('v1.2.0', {
        status: 'active',
        healthVerdict: 'unhealthy',
        healthChecks: [
          { label: 'login', status: 'failing' },
          { label: 'cart', status: 'passing' },
        ],
      }),
    ],
  },
})
const healthyLive = anOverview({
  history: { ...aHistory(2), deployments: [aDeployment('v1.30.0', { status: 'active', healthVerdict: 'healthy' })] },
})

const ROWS: readonly (readonly [string, Partial<AppState>])[] = [
  [
    'an error with its hint',
    { error: { code: 'LOCKED', message: 'ana is at it', hint: 'Wait for ana.', details: null } },
  ],
  ['an error without one', { error: { code: 'LOCKED', message: 'ana is at it', hint: null, details: null } }],
  ['the filter that is typed', { filter: { text: 'state:failed', isOpen: true } }],
  ['the help', { help: { text: '', offset: 0 } }],
  ['good news', { flash: { tone: 'ok', text: 'Done.' } }],
  ['a warning', { flash: { tone: 'warning', text: 'Twice.' } }],
  ['an unread history', { overviewError: { code: 'HISTORY_INVALID', message: 'line 3', hint: null, details: null } }],
  ['an open run', { overview: anOverview({ runs: [aRunSummary()] }) }],
  ['an open run before drift', { overview: anOverview({ runs: [aRunSummary()] }), registries: STATUSES }],
  ['a run that waits for a person', { overview: { ...healthyLive, runs: [aRunSummary({ result: 'manual' })] } }],
  ['drift of the live version', { overview: healthyLive, registries: [STATUSES[1] ?? aStatus(1)] }],
  ['drift, the held version first', { overview: healthyLive, registries: STATUSES, registriesAt: NOW }],
  ['drift, with the cursor on another version', { registries: STATUSES, registriesAt: NOW, cursors: { history: 1 } }],
  ['what was recorded of the live version', { overview: unhealthyLive }],
  ['what is asked now before what was recorded', { overview: unhealthyLive, health: aWatchState([sampled('login')]) }],
  ['what fails now', { overview: healthyLive, health: anAlarm() }],
  ['a command', { overview: healthyLive }],
  ['nothing that a screen without a command does', { screen: 'target', overview: healthyLive }],
]

test('the status row says what matters most, and the one key that helps', () => {
  const rows = ROWS.flatMap(([what, parts]) => [`${what}:`, ...status(parts)])

  expect(`\n${rows.join('\n')}\n`).toMatchInlineSnapshot(`
    "
    an error with its hint:
     {bad|✗} {bad|ana is at it (LOCKED)}
       Wait for ana.
    an error without one:
     {bad|✗} {bad|ana is at it (LOCKED)}
    the filter that is typed:
     /state:failed▏   6 of 30   state: health: format: commit: is:held
    the help:
     Type to search. Keys that are off say why.
    good news:
     {ok|✓} Done.
    a warning:
     {warning|▲} Twice.
    an unread history:
     {warning|▲} {warning|Not read again: line 3. What is shown is as of 20:02:11Z.}
    an open run:
     {warning|▲ rollback v1.30.0 → v1.29.0 is open, 1 of 4 done}  R shows it
    an open run before drift:
     {warning|▲ rollback v1.30.0 → v1.29.0 is open, 1 of 4 done}  R shows it
    a run that waits for a person:
     {warning|▲} {warning|v1.30.0 → v1.29.0 waits for a manual step}  4 shows the run
    drift of the live version:
     {bad|✗} {bad|scoop serves 1.28.0 instead of 1.30.0}  r brings it back
    drift, the held version first:
     {bad|✗} {bad|npm serves 1.28.0, which is held; scoop serves 1.28.0 ins…}  r brings it back
    drift, with the cursor on another version:
     {bad|✗} {bad|npm serves 1.28.0, which is held; sco…}  r on the live version brings it back
    what was recorded of the live version:
     {bad|▲} {bad|v1.2.0: fails login}  r rolls it back
    what is asked now before what was recorded:
     $ bagboy-tui versions list
    what fails now:
     {bad|✗} {bad|1 of 4 failing. login: 500, 2 of 3}  2 shows it
    a command:
     $ bagboy-tui versions list
    nothing that a screen without a command does:

    "
  `)
})

test('a dialog says what Enter does, and that the word cannot be pasted only where one is typed', () => {
  const dialog = {
    kind: 'confirm',
    title: '',
    facts: [],
    warnings: [],
    reasonMode: 'none',
    reason: '',
    typed: '',
    label: '',
    focus: 'typed',
    accept: () => undefined,
    openedMs: 0,
    lastKeyMs: 0,
  } as const

  expect(status({ dialog: { ...dialog, expected: 'v1' } })).toEqual([
    ' Pasting the word is off. Enter in a field goes on, on a button presses it.',
  ])
  expect(status({ dialog: { ...dialog, expected: '' } })).toEqual([
    ' Enter in a field goes on, on a button presses it.',
  ])
  expect(status({ dialog: { ...dialog, expected: '' }, flash: { tone: 'bad', text: 'No.' } })).toEqual(
    ['{bad|✗} No.'].map((text) => ` ${text}`),
  )
})
