import { anAppState, paint, paintAll } from '../../support/harness/painted.tsx'
import { expect, test } from 'vitest'
import type { AppState } from '../../../store/state.ts'
import { aFinding, anOverview, aRunSummary } from '../../support/builders/app-builders.ts'
import { aRunState, aRunView } from '../../support/builders/an-open-run.ts'

type Dialog = NonNullable<AppState['dialog']>
const TIMES = { openedMs: 0, lastKeyMs: 0 }
const drawn = (dialog: Dialog, columns = 100, rows = 24): string => paint(anAppState({ dialog }), columns, rows)

const confirm = (parts: object = {}): Dialog => ({
  kind: 'confirm',
  title: 'Roll back PRODUCTION',
  facts: ['myapp   v1.30.0  →  v1.29.0'],
  warnings: ['cannot be undone: brew myapp'],
  reasonMode: 'required',
  reason: '',
  expected: 'v1.29.0',
  typed: 'v1.2',
  label: 'Roll back',
  focus: 'typed',
  accept: () => undefined,
  ...TIMES,
  ...parts,
})

test('a confirmation shows what will happen, what is asked for, and why its button is not live', () => {
  expect(drawn(confirm())).toMatchInlineSnapshot(`
    "



                 ╭─ Roll back PRODUCTION ─────────────────────────────────────────────────╮
                 │                                                                        │
                 │   myapp   v1.30.0  →  v1.29.0                                          │
                 │                                                                        │
                 │   {warning|▲ cannot be undone: brew myapp}                                       │
                 │                                                                        │
                 │   Reason, required (goes to the history)                               │
                 │   ┃                                                                    │
                 │                                                                        │
                 │   Type v1.29.0 to confirm                                              │
                 │   ┃ v1.2▏                                                              │
                 │                                                                        │
                 │   [ Cancel ]        Roll back     not yet: a reason is missing         │
                 ╰────────────────────────────────────────────────────────────────────────╯
    "
  `)
  expect(drawn(confirm({ reason: '5xx', typed: 'v1.29.0', focus: 'ok' }))).toContain('[ Roll back ]')
  expect(drawn(confirm({ reason: '5xx', typed: 'v1.29.0', focus: 'ok' }))).not.toContain('not yet')
})

test('a confirmation asks for nothing that is not asked for', () => {
  const text = drawn(confirm({ reasonMode: 'none', expected: '', typed: '', warnings: [], focus: 'cancel' }))

  expect(text).not.toContain('Reason')
  expect(text).not.toContain('Type ')
  expect(text).not.toContain('▲')
  expect(text).toContain('[ Cancel ]')
})

test('where rows are rare the facts give way, and the buttons stay', () => {
  const facts = Array.from({ length: 20 }, (_, index) => `fact ${index}`)
  const text = drawn(confirm({ facts }), 80, 20)

  expect(text).toContain('fact 0')
  expect(text).not.toContain('fact 19')
  expect(text).toMatch(/\d+ more rows/u)
  expect(text).toContain('[ Cancel ]')
})

test('a choice shows its options whole, with the cursor on one, and as many facts as fit', () => {
  const facts = Array.from({ length: 20 }, (_, index) => `failed: step ${index}`)
  const options = [
    { value: 'stop', label: 'Stop here' },
    { value: 'undo', label: 'Undo what was done' },
  ]
  const choice = (parts: object = {}): Dialog => ({
    kind: 'choice',
    title: 'Some registries failed',
    facts: facts.slice(0, 2),
    options,
    index: 1,
    accept: () => undefined,
    ...TIMES,
    ...parts,
  })

  expect(drawn(choice())).toMatchInlineSnapshot(`
    "






                 ╭─ Some registries failed ───────────────────────────────────────────────╮
                 │                                                                        │
                 │   failed: step 0                                                       │
                 │   failed: step 1                                                       │
                 │                                                                        │
                 │    Stop here                                                           │
                 │  ▶ Undo what was done                                                  │
                 │                                                                        │
                 ╰────────────────────────────────────────────────────────────────────────╯
    "
  `)
  expect(drawn(choice({ facts }), 80, 16)).toMatch(/and \d+ more/u)
  expect(drawn(choice({ facts }), 80, 16)).toContain('Undo what was done')
  expect(drawn(choice())).not.toContain('more')
})

test('a secret is never shown', () => {
  const text = drawn({
    kind: 'secret',
    title: 'One-time password',
    typed: 'hunter',
    cancel: () => undefined,
    accept: () => undefined,
    ...TIMES,
  })

  expect(text).not.toContain('hunter')
  expect(text).toContain('******')
})

test('the checks say which can be overridden, which are, and what helps', () => {
  const findings = [
    aFinding({ code: 'V09', severity: 'never', title: 'the image is gone', detail: 'No digest.', remedy: 'Push it.' }),
    aFinding({ code: 'V03', severity: 'block', title: 'not signed', detail: 'No tag.' }),
    aFinding({ code: 'V05', severity: 'block', title: 'held' }),
    aFinding({ code: 'V13', severity: 'warn', title: 'another major' }),
    aFinding({ code: 'V01', title: 'in the history', detail: 'It was healthy.' }),
  ]
  const dialog = { kind: 'findings', findings, overrides: ['V05'], index: 1, accept: () => undefined } as Dialog

  expect(drawn(dialog)).toMatchInlineSnapshot(`
    "






                 ╭─ Checks before anything moves ─────────────────────────────────────────╮
                 │    {bad|✗ V09}  the image is gone                                            │
                 │           No digest. Push it.                                          │
                 │  ▶ {bad|✗ V03}  not signed  {warning|space overrides it}                               │
                 │           No tag.                                                      │
                 │    {bad|✗ V05}  held  {warning|overridden}                                             │
                 │    {warning|▲ V13}  another major                                                │
                 │    {ok|✓ V01}  in the history                                               │
                 ╰────────────────────────────────────────────────────────────────────────╯
    "
  `)
})

test('a text scrolls by whole rows, and says that there is more', () => {
  const lines = Array.from({ length: 60 }, (_, index) => `line ${index}.`)
  const text = (offset: number) => drawn({ kind: 'text', title: 'Evidence', lines, offset })

  expect(text(0)).toContain('line 0.')
  expect(text(0)).toMatch(/↓ \d+ more rows/u)
  expect(text(10)).not.toContain('line 9.')
  expect(text(10)).toContain('line 10.')
})

test('a question of trust names the answer that Enter gives', () => {
  const trust = (isTrusting: boolean): string =>
    drawn({
      kind: 'trust',
      lines: ['/project/bagboy.yaml', '+ runs ./deploy.sh'],
      hash: '',
      isTrusting,
      offset: 0,
      accept: () => undefined,
      ...TIMES,
    } as Dialog)

  expect(trust(false)).toContain('▶ Look only')
  expect(trust(false)).not.toContain('▶ Trust')
  expect(trust(true)).toContain('▶ Trust this folder')
  expect(trust(true)).toContain('+ runs ./deploy.sh')
})

const keys = (parts: Partial<AppState>, columns = 120): string =>
  paintAll(anAppState(parts), columns, 24).split('\n').at(-1)?.trim() ?? ''

test('the bottom row names the live keys of the screen, those of a dialog, and the way back', () => {
  const rows = {
    history: keys({}),
    'history beside an open run': keys({ overview: anOverview({ runs: [aRunSummary()] }) }),
    'history, read-only': keys({ options: { isReadOnly: true, canSavePlan: false, program: 'b' } }),
    plan: keys({ screen: 'plan', back: ['history'] }),
    run: keys({ screen: 'run', back: ['history'], run: aRunState(aRunView([]), { isActive: true }) }),
    'a paused run': keys({
      screen: 'run',
      back: ['history'],
      run: aRunState(aRunView([]), { isActive: true, isPaused: true }),
    }),
    prune: keys({ screen: 'prune', back: ['history'] }),
    filter: keys({ filter: { text: 'x', isOpen: true } }),
    help: keys({ help: { text: '', offset: 0 } }),
    confirm: keys({ dialog: confirm() }),
  }

  expect(
    `\n${Object.entries(rows)
      .map(([what, row]) => `${what}: ${row}`)
      .join('\n')}\n`,
  ).toMatchInlineSnapshot(`
    "
    history: enter open  r roll back…  d diff  space mark  f show…  P prune…  ? help  q quit
    history beside an open run: R open run…  enter open  r roll back…  d diff  space mark  f show…  P prune…  ? help  q quit
    history, read-only: enter open  r roll back…  d diff  space mark  f show…  P prune…  ? help  q quit
    plan: enter walk  m effects  e skip  b checks  w save  X EXECUTE…  ? help  esc back
    run: p pause  ctrl-c stop safely…  ? help  esc back
    a paused run: p go on  ctrl-c stop safely…  ? help  esc back
    prune: space select  v range  + - keep  a all  c clear  X PRUNE…  ? help  esc back
    filter: enter keep the filter  esc clear it
    help: ↓ ↑ scroll  esc close
    confirm: tab next field  enter press button  esc cancel
    "
  `)
})

test('a history that cannot be read says why, and how to go on', () => {
  const overviewError = {
    code: 'HISTORY_INVALID',
    message: 'line 3 is no entry',
    hint: 'Run history repair.',
    details: null,
  } as const
  const text = paint(anAppState({ overview: null, overviewError }))

  expect(text).toContain('{bad|HISTORY_INVALID}')
  expect(text).toContain('line 3 is no entry')
  expect(text).toContain('Run history repair.')
  expect(paint(anAppState({ overviewError }))).not.toContain('Run history repair.')
})
