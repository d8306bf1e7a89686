import { expect, test } from 'vitest'
import type { AppState } from '../../../store/state.ts'
import {
  aDeployment,
  aHistory,
  anOverview,
  aPlan,
  aRecovery,
  aRunSummary,
  aStatus,
} from '../../support/builders/app-builders.ts'
import { aRunState, aRunView } from '../../support/builders/an-open-run.ts'
import { aWatchState, WATCHED } from '../../support/builders/a-watch-view.ts'
import { failing, sampled, watchStarted } from '../../support/engine/health-script.ts'
import { aSession, settle, type Session } from '../../support/harness/a-session.ts'
import { aScriptedEngine } from '../../support/harness/app-engine.ts'

const at = (state: Partial<AppState> = {}): Session => aSession(aScriptedEngine(), { state })
const cursor = (session: Session): number | undefined => session.state().cursors[session.state().screen]

test.each([
  [['j', 'j', 'k'], 1],
  [['down', 'up', 'up'], 0],
  [['G'], 29],
  [['end', 'j'], 29],
  [['G', 'g'], 0],
  [['end', 'home'], 0],
  [['pgdn'], 12],
  [['pgdn', 'pgup'], 0],
  [['pgdn', 'pgdn', 'pgdn', 'pgdn'], 29],
  [['ctrl-d'], 6],
  [['ctrl-d', 'ctrl-d', 'ctrl-u'], 6],
])('in a list of 30 rows the keys %o lead to row %i', async (keys, row) => {
  const session = at()
  await session.press(...keys)

  expect(cursor(session) ?? 0).toBe(row)
})

test('a page of text scrolls no further than its end', async () => {
  const session = at({ screen: 'effects', back: ['history'], plan: { plan: aPlan(), target: 'v1.29.0', except: [] } })
  await session.press('G')
  const last = cursor(session) ?? 0
  await session.press('j')

  expect(cursor(session)).toBe(last)
  expect(last).toBeLessThan(30)
})

test.each([
  ['1', 'history', 'history'],
  ['4', 'runs', 'history'],
  ['5', 'prune', 'version'],
  ['3', 'compare', 'version'],
])('%s opens %s from anywhere, and esc leads back to the %s', async (key, screen, back) => {
  const session = at({ screen: 'version', back: ['history'] })
  await session.press(key)
  expect(session.state().screen).toBe(screen)
  await session.press('esc')

  expect(session.state().screen).toBe(back)
})

test('esc takes away one thing at a time: an error, the filter, the screen; at the beginning it quits nothing', async () => {
  const error = { code: 'LOCKED', message: '', hint: null, details: null } as const
  const session = at({ error, filter: { text: 'state:failed', isOpen: false } })
  await session.press('esc')
  expect(session.state()).toMatchObject({ error: null, filter: { text: 'state:failed' } })
  await session.press('esc')
  expect(session.state().filter.text).toBe('')
  await session.press('esc')

  expect(session.exits).toEqual([])
  expect(session.state().flash?.text).toContain('q')
  await session.press('q')
  expect(session.exits).toEqual([0])
})

test('the filter is typed letter by letter, kept by enter and cleared by esc', async () => {
  const session = at()
  await session.press('/')
  await session.types('v1.2q')
  await session.press('backspace')
  expect(session.state().filter).toEqual({ text: 'v1.2', isOpen: true })
  session.paste('0\n.0')
  expect(session.state().filter.text).toBe('v1.20 .0')
  await session.press('enter')
  expect(session.state().filter).toEqual({ text: 'v1.20 .0', isOpen: false })
  await session.press('/', 'esc')
  expect(session.state().filter).toEqual({ text: '', isOpen: false })
  await session.press('/', 'backspace')
  expect(session.state().filter.isOpen).toBe(false)
})

test('the help is searched by typing, scrolled, and closed', async () => {
  const session = at()
  await session.press('?')
  await session.types('pr')
  await session.press('backspace', 'down', 'pgdn', 'up')
  expect(session.state().help).toEqual({ text: 'p', offset: 8 })
  await session.press('?')
  expect(session.state().help).toEqual({ text: 'p?', offset: 0 })
  await session.press('up')
  expect(session.state().help?.offset).toBe(0)
  await session.press('enter')
  expect(session.state().help).toBeNull()
  await session.press('?', '?')
  expect(session.state().help).toBeNull()
  await session.press('?', 'ctrl-c')
  expect(session.exits).toEqual([130])
})

test('a comparison is walked from change to change, swapped, and reduced to its changes', async () => {
  const [left, right] = [aDeployment('v1.2.0', { id: 1 }), aDeployment('v1.3.0', { id: 2, commit: 'abc1234' })]
  const overview = anOverview({ history: { ...aHistory(1), deployments: [right, left] } })
  const session = at({
    screen: 'compare',
    back: ['history'],
    overview,
    compare: { left: 1, right: 2, onlyChanges: false },
  })
  await session.press(']')
  const first = cursor(session) ?? -1
  await session.press(']')
  const second = cursor(session) ?? -1
  expect(second).toBeGreaterThan(first)
  await session.press('[')
  expect(cursor(session)).toBe(first)
  await session.press('[')
  expect(cursor(session)).toBe(first)

  await session.press('x')
  expect(session.state().compare).toEqual({ left: 2, right: 1, onlyChanges: false })
  await session.press('=')
  expect(session.state().compare?.onlyChanges).toBe(true)
  expect(cursor(session)).toBe(0)
})

test('a plan is walked page by page, not beyond its last step', async () => {
  const session = at({ screen: 'plan', back: ['history'], plan: { plan: aPlan(), target: 'v1.29.0', except: [] } })
  await session.press('enter')
  expect(session.state()).toMatchObject({ screen: 'step', back: ['history', 'plan'] })
  await session.press('n', 'l', 'right')
  expect(session.state().cursors.plan).toBe(3)
  await session.press('n')
  expect(session.state().cursors.plan).toBe(3)
  expect(session.state().flash?.text).toContain('last step')
  await session.press('p', 'h', 'left', 'p')
  expect(session.state().cursors.plan).toBe(0)
})

test('the walk through a plan begins at a step, not at a registry that gets none', async () => {
  const excluded = [
    { package: { format: 'gem', registry: 'r', name: 'a' }, status: 'skipped', reason: '', observed: null },
  ] as const
  const plan = aPlan({ steps: aPlan().steps.slice(0, 2), excluded })
  const session = at({
    screen: 'plan',
    back: ['history'],
    plan: { plan, target: 'v1.29.0', except: [] },
    cursors: { plan: 2 },
  })
  await session.press('enter')
  expect(session.state()).toMatchObject({ screen: 'step', cursors: { plan: 0, step: 0 } })

  const none = at({ screen: 'plan', plan: { plan: aPlan({ steps: [] }), target: 'v1.29.0', except: [] } })
  await none.press('enter')
  expect(none.state()).toMatchObject({ screen: 'plan', flash: { text: 'The plan has no steps.' } })
})

test.each([
  [{ cursors: { history: 4 } }, 5],
  [{ cursors: { history: 0 } }, 0],
  [{ screen: 'compare', compare: { left: 27, right: 30, onlyChanges: false } }, 4],
  [{ cursors: { history: 4 }, registries: [aStatus(0, { state: 'drift' })] }, 6],
] as const)('the picker of targets opens on the version that was meant: %o', async (state, row) => {
  const session = at(state)
  await session.press('r')

  expect(session.state().screen).toBe('target')
  expect(cursor(session)).toBe(row)
})

const WATCH = aWatchState([
  watchStarted(WATCHED),
  ...['login', 'cart', 'admin', 'mail'].map((name) => sampled(name)),
  failing('search'),
])

test('the health screen opens on the worst check, and its keys go from bad to bad', async () => {
  const session = at({ health: WATCH })
  await session.press('2')
  expect(cursor(session)).toBe(2)
  await session.press(']')
  expect(session.state().flash?.text).toMatch(/^No further /u)
  await session.press('g', ']')
  expect(cursor(session)).toBe(2)
  await session.press('G', '[')
  expect(cursor(session)).toBe(2)

  const fine = at({
    health: aWatchState([watchStarted(WATCHED), ...WATCHED.map(({ probe }) => sampled(probe))]),
    cursors: { health: 3 },
  })
  await fine.press('2')
  expect(cursor(fine)).toBe(3)
  await fine.press(']')
  expect(fine.state().flash?.text).toBe('Every check passes.')
})

const RUN = aRunState(aRunView([{ type: 'run.finished', result: 'partial', exitCode: 6, summary: '' }]))
const plan = { plan: aPlan(), target: 'v1.29.0', except: [] }

test.each<readonly [string, Partial<AppState>, string]>([
  ['history', { cursors: { history: 2 } }, 'v1.28.0'],
  [
    'runs',
    {
      screen: 'runs',
      overview: anOverview({ runs: [aRunSummary({ id: 'A' }), aRunSummary({ id: 'B' })] }),
      cursors: { runs: 1 },
    },
    'B',
  ],
  ['run', { screen: 'run', run: RUN }, '01JKX7M3Q8ZB7F3A'],
  ['plan', { screen: 'plan', plan, cursors: { plan: 3 } }, 'tool restore @acme/myapp@1.29.0'],
  ['effects', { screen: 'effects', plan }, 'bagboy-tui rollback v1.29.0 --dry-run'],
  [
    'compare',
    { screen: 'compare', compare: { left: 27, right: 30, onlyChanges: false } },
    'bagboy-tui versions compare v1.27.0 v1.30.0',
  ],
])('y copies what the %s screen is about', async (_screen, state, text) => {
  const session = at({ back: ['history'], ...state })
  await session.press('y')

  expect(session.copied).toEqual([text])
  expect(session.state().dialog).toMatchObject({ kind: 'text', lines: text.split('\n') })
})

test.each<readonly [Partial<AppState>, string | null]>([
  [{}, 'bagboy-tui versions list'],
  [{ screen: 'version', cursors: { history: 2 } }, 'bagboy-tui versions show v1.28.0'],
  [{ screen: 'plan', plan }, 'bagboy-tui rollback v1.29.0 --dry-run'],
  [{ screen: 'runs' }, 'bagboy-tui runs list'],
  [{ screen: 'recovery', recovery: aRecovery(aRunView([])) }, 'bagboy-tui runs resume 01JKX7M3Q8ZB7F3A'],
  [{ screen: 'target' }, null],
])('ctrl-y copies the command line that does the same: %#', async (state, command) => {
  const session = at({ back: ['history'], ...state })
  await session.press('ctrl-y')

  expect(session.copied).toEqual(command === null ? [] : [command])
})

test('a version that stands twice in the history is named by its entry', async () => {
  const deployments = [
    aDeployment('v1.3.0', { id: 3, status: 'active' }),
    aDeployment('v1.2.0', { id: 2 }),
    aDeployment('v1.2.0'),
  ]
  const overview = anOverview({ history: { ...aHistory(1), deployments } })
  const session = at({ screen: 'version', overview, cursors: { history: 1 } })
  await session.press('ctrl-y')

  expect(session.copied).toEqual(['bagboy-tui versions show @2'])
})

test('space marks a version for a comparison, and takes the mark away', async () => {
  const session = at({ cursors: { history: 3 } })
  await session.press('space')
  expect(session.state().markedId).toBe(27)
  await session.press('space')
  expect(session.state().markedId).toBeNull()
})

test('a key that was typed for the screen before changes nothing', async () => {
  const session = at()
  session.store.dispatch({ type: 'screen.opened', screen: 'version', atMs: session.commands.elapsedMs() + 950 })
  session.store.dispatch({ type: 'screen.opened', screen: 'history', atMs: session.commands.elapsedMs() + 950 })
  await session.press('H')
  expect(session.state()).toMatchObject({
    dialog: null,
    flash: { tone: 'warning', text: expect.stringContaining('Press it again') },
  })
  await session.press('H')

  expect(session.state().dialog?.kind).toBe('confirm')
})

test('while something is waited for only the keys that move and leave are heard', async () => {
  const session = at({ busy: { label: 'x', canCancel: false } })
  await session.press('j', 'H', 'enter', 'esc')
  expect(session.state()).toMatchObject({ screen: 'history', dialog: null, cursors: { history: 1 } })
  await session.press('ctrl-l', 'ctrl-z')
  expect([session.repaints(), session.suspensions()]).toEqual([1, 1])
  await session.press('ctrl-c')

  expect(session.exits).toEqual([130])
})

test('in a terminal of one line only ctrl-c is heard', async () => {
  const session = aSession(aScriptedEngine(), { columns: 40, rows: 8 })
  await session.press('j', 'H', 'q')
  expect(session.state()).toMatchObject({ dialog: null, cursors: {} })
  expect(session.exits).toEqual([])
  await session.press('ctrl-c')

  expect(session.exits).toEqual([130])
})

test('a paste fills a reason and a secret, and is refused where the word has to be typed', async () => {
  const session = at({ cursors: { history: 1 } })
  await session.press('H')
  session.paste('INC-42\n now')
  expect(session.state().dialog).toMatchObject({ focus: 'reason', reason: 'INC-42 now' })
  await session.press('tab')
  session.paste('v1.29.0')
  expect(session.state()).toMatchObject({ dialog: { typed: '' }, flash: { tone: 'warning' } })
  await session.press('tab')
  session.paste('x')
  await session.press('x')

  expect(session.state().dialog).toMatchObject({ focus: 'cancel', typed: '', reason: 'INC-42 now' })
  await settle()
})
