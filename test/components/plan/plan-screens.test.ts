import { anAppState, paint } from '../../support/harness/painted.tsx'
import { expect, test } from 'vitest'
import type { RollbackPlan } from '../../../src/domain/plan.ts'
import type { AppState } from '../../../store/state.ts'
import {
  aFinding,
  aHistory,
  anOverview,
  aPlan,
  aStatus,
  aStep,
  NOW,
  version,
} from '../../support/builders/app-builders.ts'

const excluded = (index: number, status: 'skipped' | 'already' | 'not_in_target', reason = '') => ({
  package: aStep(index).package,
  status,
  reason,
  observed: null,
})
const RICH = aPlan({
  steps: [aStep(0, { reversibility: 'one-way', undo: [] }), aStep(2)],
  excluded: [excluded(1, 'skipped', 'asked for'), excluded(3, 'already', 'serves 1.29.0')],
  overrides: ['V03'],
  findings: [
    aFinding(),
    aFinding({ code: 'V03', severity: 'block' }),
    aFinding({ code: 'V04', severity: 'block' }),
    aFinding({ code: 'V08', severity: 'warn' }),
  ],
})

const on = (screen: AppState['screen'], plan: RollbackPlan, cursors: AppState['cursors'] = {}): AppState =>
  anAppState({ screen, back: ['history'], plan: { plan, target: 'v1.29.0', except: [] }, cursors })

test('a plan shows its checks, its steps, what is skipped, and what the selected step does to people', () => {
  expect(paint(on('plan', RICH))).toMatchInlineSnapshot(`
    "
    ─ Plan: v1.30.0 → v1.29.0 (ZB7F3A) ───────────────────────────────────── DRY RUN ─ nothing changed ─
     Checks   {ok|✓ 1 passed}   {warning|▲ 1 warning}   {bad|✗ 1 blocking}   {warning|1 overridden}   b shows them
     {warning|▲ 1 registry skipped}
        #  REGISTRY        ACTION                                                                 UNDO
    » ▶  1  brew            Put the formula of 1.29.0 at the head of the tap                       ▲ no
        2  docker          Point tag latest at the image of 1.29.0                                yes
           scoop           {warning|○ skipped: asked for}                                                   –
           npm             ✓ already: serves 1.29.0                                               –
    ─ Step 1 ─ user impact ─────────────────────────────────────────────────────────────────────────────
     New installs    New installs get the old version.
     Existing users  A formula stays at the bad version until its users uninstall and install it again.
     Time to effect  At each user's next brew update, which most brew commands begin with.
     Can be undone   {warning|▲ no, this is one-way}
    "
  `)
  expect(paint(on('plan', RICH, { plan: 2 }), 140, 26)).toMatchInlineSnapshot(`
    "
    ╭─ Plan: v1.30.0 → v1.29.0 (ZB7F3A) ───────────── DRY RUN ─ nothing changed ─╮╭─ scoop myapp ─ no step ────────────────────────────────────╮
    │  Checks   {ok|✓ 1 passed}   {warning|▲ 1 warning}   {bad|✗ 1 blocking}   {warning|1 overridden}   b show… ││  asked for.                                                │
    │  {warning|▲ 1 registry skipped}                                                      ││  {warning|It keeps what it serves now: the run to v1.29.0 leaves}    │
    │     #  REGISTRY        ACTION                                       UNDO   ││  {warning|v1.30.0 there. e includes it again where you skipped it.}  │
    │     1  brew            Put the formula of 1.29.0 at the head of t…  {warning|▲ no}   ││                                                            │
    │     2  docker          Point tag latest at the image of 1.29.0      yes    ││                                                            │
    │ » ▶     scoop           ○ skipped: asked for                         –      ││                                                            │
    │        npm             ✓ already: serves 1.29.0                     –      ││                                                            │
    ╰────────────────────────────────────────────────────────────────────────────╯│                                                            │
    ╭─ Effects ──────────────────────────────────────────────────────────────────╮│                                                            │
    │  REGISTRY  NEW INSTALLS       WHO HAS v1.30.0    HOW SOON           UNDO   ││                                                            │
    │  brew      New installs get   A formula stays    At each user's     {warning|no}     ││                                                            │
    │            the old version.   at the bad         next brew update,         ││                                                            │
    │                               version until its  which most brew           ││                                                            │
    │                               users uninstall    commands begin            ││                                                            │
    │                               and install it     with.                     ││                                                            │
    │                               again.                                       ││                                                            │
    │                                                                            ││                                                            │
    │  docker    Every pull of one  Machines get it    Seconds; as long   yes    ││                                                            │
    │            of the tags gets   with their next    as a mirror keeps         ││                                                            │
    │  ↓ 6 more rows                                                             ││                                                            │
    ╰────────────────────────────────────────────────────────────────────────────╯╰────────────────────────────────────────────────────────────╯
    "
  `)
})

test.each([
  [{ steps: [], excluded: [excluded(0, 'already')] }, 'Nothing to do: every registry is at v1.29.0 already.', null],
  [
    { steps: [], excluded: [excluded(0, 'already'), excluded(1, 'skipped')] },
    'Nothing to do: the other registries are at v1.29.0.',
    '▲ 1 registry skipped',
  ],
  [
    { steps: [], excluded: [excluded(0, 'skipped'), excluded(1, 'skipped')] },
    'Nothing to do: no registry is in the plan.',
    '▲ 2 registries skipped',
  ],
])('a plan without steps says why: %#', (parts, expected, skipped) => {
  const text = paint(on('plan', aPlan(parts)))

  expect(text).toContain(expected)
  expect(text.includes('skipped')).toBe(skipped !== null)
  if (skipped !== null) expect(text).toContain(skipped)
})

test('a plan that is clean says nothing of warnings, blocks, overrides and skipped registries', () => {
  const text = paint(on('plan', aPlan({ findings: [aFinding()] })))

  expect(text).toContain('{ok|✓ 1 passed}')
  for (const word of ['warning', 'blocking', 'overridden', 'skipped', '▲', '✗']) expect(text).not.toContain(word)
})

test.each([
  ['skipped', 'It keeps what it serves now', 'e includes it again'],
  ['already', 'It serves v1.29.0 already; the run writes nothing here.', ''],
  ['not_in_target', 'It keeps what it serves now', ''],
] as const)('a registry without a step says what that means: %s', (status, meaning, key) => {
  const text = paint(on('plan', aPlan({ steps: [], excluded: [excluded(0, status, 'because')] })))

  expect(text).toContain('because.')
  expect(text).toContain(meaning)
  expect(text.includes('e includes it again')).toBe(key !== '')
})

test('a page of the walk-through shows what changes, what is written, and the same by hand', () => {
  expect(paint(on('step', aPlan(), { plan: 0 }), 100, 44)).toMatchInlineSnapshot(`
    "
    ─ Step 1 of 4 ─ brew myapp ───────────────────────────────────────────────────── acme/homebrew-tap ─
     Put the formula of 1.29.0 at the head of the tap

     now                                             │ afterwards
     class Myapp < Formula                           │ class Myapp < Formula
       desc "Says hello"                             │   desc "Says hello"
     {bad|…dl.example.com/myapp-1.30.0.tar.gz"}            │{warning|~}{ok|…dl.example.com/myapp-1.29.0.tar.gz"}
       {bad|version "1.30.0"}                              │{warning|~}  {ok|version "1.29.0"}
       license "MIT"                                 │   license "MIT"
       def install                                   │   def install
     … 3 equal lines                                 │ … 3 equal lines

     What will be written, then read back
       · commit and push

     When            after docker, npm, at the same time as scoop
     New installs    New installs get the old version.
     Existing users  A formula stays at the bad version until its users uninstall and install it again.
     Time to effect  At each user's next brew update, which most brew commands begin with.
     Can be undone   yes, 1 action puts it back

     The same as commands
       tool restore myapp@1.29.0
    "
  `)
})

test('a step that waits for its first read, does nothing yet and has no command says so', () => {
  const step = aStep(2, {
    deferred: 'the registry did not answer',
    actions: [],
    manual: [],
    reversibility: 'one-way',
    before: { latest: '1.30.0' },
    want: { latest: '1.29.0' },
  })
  const text = paint(on('step', aPlan({ steps: [step] })), 100, 40)

  expect(text).toContain('{warning|▲ decided by the run itself: the registry did not answer}')
  expect(text).toContain('nothing yet: the run reads first')
  expect(text).toContain('no command does the same')
  expect(text).toContain('{warning|▲ no, this is one-way}')
  expect(text).toMatch(/1\.30\.0.*│.*1\.29\.0/u)
  const whole = paint(on('step', aPlan(), { plan: 2 }), 100, 40)
  for (const word of ['decided by the run', 'nothing yet', 'no command', 'one-way']) expect(whole).not.toContain(word)
})

test('a request is shown with its method and address, whole', () => {
  const action = {
    kind: 'http',
    title: 'move the tag',
    method: 'PUT',
    url: 'https://r.example/v2/x',
    headers: {},
    body: '',
  } as const

  expect(paint(on('step', aPlan({ steps: [aStep(2, { actions: [action] })] })), 100, 40)).toContain(
    'PUT https://r.example/v2/x',
  )
})

test('the effects say per registry who is protected, how soon, and what cannot be undone', () => {
  expect(paint(on('effects', RICH), 120, 24)).toMatchInlineSnapshot(`
    "
    ╭─ Effects: v1.30.0 → v1.29.0 ───────────────────────────────────────────────────────────── DRY RUN ─ nothing changed ─╮
    │  REGISTRY  NEW INSTALLS                     WHO HAS v1.30.0                  HOW SOON                         UNDO   │
    │  brew      New installs get the old         A formula stays at the bad       At each user's next brew         {warning|no}     │
    │            version.                         version until its users          update, which most brew                 │
    │                                             uninstall and install it again.  commands begin with.                    │
    │                                                                                                                      │
    │  docker    Every pull of one of the tags    Machines get it with their next  Seconds; as long as a mirror     yes    │
    │            gets the old image; pulls by     pull of the tag; running         keeps its copy.                         │
    │            digest do not change.            containers stay as they are.                                             │
    │                                                                                                                      │
    │  scoop     {warning|skipped: asked for}                                                                                        │
    │                                                                                                                      │
    │                                                                                                                      │
    │                                                                                                                      │
    │                                                                                                                      │
    │                                                                                                                      │
    │                                                                                                                      │
    │                                                                                                                      │
    │                                                                                                                      │
    ╰──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────╯
    "
  `)
})

test('targets are listed with what speaks against them, the rules first', () => {
  const history = aHistory(7, { held: [{ version: version('v1.6.0'), reason: 'bad', at: NOW }] })
  const state = anAppState({ screen: 'target', back: ['history'], overview: anOverview({ history }) })

  expect(paint(state, 100, 22)).toMatchInlineSnapshot(`
    "
    ─ Roll back v1.7.0 to ──────────────────────────────────────────────────────── planning only reads ─
       TARGET                  AGE   HEALTH       CONCERNS
    » ▶ the last good version   21d   ✓ healthy    v1.4.0, the usual choice
       the version before      7d    {ok|✓ healthy}    v1.6.0, good or not
       v1.6.0                  7d    {ok|✓ healthy}    {warning|▲ held}
       v1.5.0                  14d   {bad|✗ unhealthy}  {warning|▲ was rolled back}
       v1.4.0                  21d   {ok|✓ healthy}    {ok|✓ nothing}
       v1.3.0                  28d   {bad|✗ unhealthy}  {warning|▲ its deployment failed}
       v1.2.0                  35d   {ok|✓ healthy}    {ok|✓ nothing}
       v1.1.0                  42d   {ok|✓ healthy}    {ok|✓ nothing}





    ─ What it means ────────────────────────────────────────────────────────────────────────────────────
       newest earlier one that was healthy and is not held
       By the history that is v1.4.0; the plan checks it before anything moves.
    "
  `)
  expect(paint({ ...state, cursors: { target: 3 } }, 100, 22)).toContain('v1.5.0  packages')
})

test('the live version is a target only while a registry serves something else', () => {
  const target = (registries: AppState['registries']) => paint(anAppState({ screen: 'target', registries }))

  expect(target([aStatus(0), aStatus(1, { state: 'drift', serving: '1.28.0' })])).toContain('the live version')
  expect(target([aStatus(0), aStatus(1, { state: 'held-version' })])).toContain('the live version')
  for (const state of ['in-sync', 'moving', 'by-hand', 'unreadable', 'unknown'] as const) {
    expect(target([aStatus(0, { state })])).not.toContain('the live version')
  }
})

test('a rule that means no version says so', () => {
  const state = anAppState({ screen: 'target', overview: anOverview({ history: aHistory(1) }) })

  expect(paint(state)).toContain('{warning|▲ there is none}')
  expect(paint(state)).toContain('By the history there is none.')
})
