import { describe, expect, test } from 'vitest'
import { KEYMAP } from '../../components/input/keymap.ts'
import { projectRun, type RunView } from '../../src/events/project-run.ts'
import { aPlan, anOverview, aRecovery, aRunSummary, NOW } from '../support/builders/app-builders.ts'
import {
  aScriptedEngine,
  aScriptedRun,
  finishStep,
  MUTATING,
  startRun,
  type ScriptedEngine,
} from '../support/harness/app-engine.ts'
import { bytesOf } from '../support/harness/key-bytes.ts'
import { openApp, type Screen } from '../support/harness/terminal.tsx'

/** A view of a run that died after its first step. */
async function anOpenView(): Promise<RunView> {
  const plan = aPlan()
  const run = aScriptedRun(plan.id)
  startRun(run, plan)
  finishStep(run, plan.steps[0]?.id ?? '')
  run.end()
  let view: RunView | undefined
  for await (const event of run.handle) view = projectRun(view, event)
  if (!view) throw new Error('no view')
  return view
}

async function anInterruptedEngine(): Promise<ScriptedEngine> {
  return aScriptedEngine({ overview: anOverview({ runs: [aRunSummary()] }), recovery: aRecovery(await anOpenView()) })
}

function mutations(engine: ScriptedEngine): readonly string[] {
  return engine.calls.filter((name) => MUTATING.some((one) => one === name))
}

/** The way to each screen from the history. */
const WAYS: Readonly<Record<string, readonly string[]>> = {
  history: [],
  version: ['enter'],
  compare: ['j', 'd'],
  target: ['j', 'r'],
  plan: ['j', 'r', 'enter'],
  step: ['j', 'r', 'enter', 'enter'],
  effects: ['j', 'r', 'enter', 'm'],
  prune: ['P'],
  runs: ['4'],
}

const ALL_KEYS = [...new Set(KEYMAP.flatMap(({ keys }) => keys))].filter(
  (key) => !['ctrl-z', 'ctrl-c', 'q'].includes(key),
)

async function go(screen: Screen, way: readonly string[]): Promise<void> {
  await screen.shows('v1.30.0')
  await screen.passes(130)
  await screen.press(...way)
  await screen.passes(130)
}

describe('read-only', () => {
  test.each(Object.entries(WAYS))(
    'no key on the %s screen changes anything',
    async (_name, way) => {
      const engine = aScriptedEngine()
      const screen = await openApp(engine, { isReadOnly: true, hasColor: false })
      await go(screen, way)

      for (const key of ALL_KEYS) {
        screen.sends(bytesOf(key))
        screen.sends('\r')
        await screen.press('esc')
      }

      expect(mutations(engine)).toEqual([])
      await screen.close()
    },
    120_000,
  )

  test('no key on the resume screen changes anything', async () => {
    const engine = await anInterruptedEngine()
    const screen = await openApp(engine, { isReadOnly: true })
    await screen.shows('Open rollback')
    await screen.passes(130)

    for (const key of ['R', 'S', 'F', 'H', 'X', 'U']) {
      await screen.press(key)
      expect(screen.text()).not.toContain('[ Cancel ]')
    }

    await screen.shows('read-only')
    expect(mutations(engine)).toEqual([])
    await screen.close()
  })
})

test('every dangerous key of the table opens a confirmation and nothing more', async () => {
  const dangerous = KEYMAP.filter(({ isDangerous }) => isDangerous === true)

  for (const { scope, keys } of dangerous.filter((one) => WAYS[one.scope] !== undefined)) {
    const engine = aScriptedEngine()
    const screen = await openApp(engine)
    await go(screen, WAYS[scope] ?? [])
    await screen.press(keys[0] ?? '')

    await screen.shows('[ Cancel ]')
    expect(mutations(engine), `${scope} ${keys[0]}`).toEqual([])
    await screen.close()
  }
  expect(dangerous.length).toBeGreaterThan(8)
}, 120_000)

test.each([
  ['R', 'Resume the run', 'v1.29.0', 'resume', ''],
  ['F', 'Undo: back to v1.30.0', 'v1.30.0', 'undo', 'users lose data'],
  ['H', 'Hand the run over', 'ZB7F3A', 'handOver', 'ana goes on'],
  ['S', 'Skip one step', '', 'skipStep', 'registry is gone'],
])('%s on the resume screen asks first, then calls the engine once', async (key, title, word, method, reason) => {
  const engine = await anInterruptedEngine()
  const screen = await openApp(engine)
  await screen.shows('Open rollback: v1.30.0 → v1.29.0')
  await screen.passes(130)
  await screen.press('j', key)
  await screen.shows(title)

  expect(mutations(engine)).toEqual([])
  if (reason !== '') await screen.types(reason)
  if (reason !== '' && word !== '') await screen.press('tab')
  if (word !== '') await screen.types(word)
  await screen.press('tab', 'tab')
  await screen.passes(520)
  await screen.press('enter')
  await screen.shows((text) => !text.includes('[ Cancel ]'))

  expect(mutations(engine)).toEqual([method])
  expect(JSON.stringify(engine.requests[engine.calls.indexOf(method)])).toContain(
    reason === '' ? '01JKX7M3Q8ZB7F3A' : reason,
  )
})

test('the resume screen says what was intended, what is found, and what follows', async () => {
  const screen = await openApp(await anInterruptedEngine())
  await screen.shows('Open rollback')

  expect(screen.text()).toMatch(/brew\s+done and proved\s+✓ v1\.29\.0 as wanted\s+nothing/u)
  expect(screen.text()).toMatch(/scoop\s+begun, no proof\s+○ v1\.30\.0 as before\s+run this step/u)
  expect(screen.text()).toMatch(/npm\s+not started\s+✗ cannot be read/u)
  expect(screen.text()).toContain('v1.29.0 from 1 of 4')
  expect(screen.text()).toContain('INTERRUPTED')
  expect(screen.text()).toMatch(/Begun +20:02:11Z, 0s ago, by ana/u)
  await screen.close()
})

test('what resuming and undoing would do stands in their dialogs, registry by registry', async () => {
  const screen = await openApp(await anInterruptedEngine())
  await screen.shows('Open rollback')
  await screen.passes(130)

  await screen.press('R')
  await screen.shows('Writes v1.29.0 to: scoop, docker, npm')
  expect(screen.text()).toContain('Leaves as it is: brew')
  await screen.press('esc')
  await screen.shows('Open rollback')
  await screen.passes(130)
  await screen.press('U')

  await screen.shows('Writes v1.30.0 to: brew, scoop')
  expect(screen.text()).toContain('Leaves as it is: docker, npm')
  await screen.close()
})

test('beside an open run the history calls nothing drift, and leads back to the run', async () => {
  const screen = await openApp(await anInterruptedEngine())
  await screen.shows('Open rollback')

  await screen.press('1')

  await screen.shows('rollback v1.30.0 → v1.29.0 is open, 1 of 4 done  R shows it')
  expect(screen.rows().at(-1)).toContain('R open run…')
  expect(screen.text()).not.toContain('brings it back')
  await screen.close()
})

test('Enter in a field that is complete goes to the button, not to Cancel; ctrl-u empties a field', async () => {
  const engine = await anInterruptedEngine()
  const screen = await openApp(engine)
  await screen.shows('Open rollback')
  await screen.passes(130)
  await screen.press('R')
  await screen.shows('Type v1.29.0')

  await screen.types('v1.3')
  await screen.shows('not yet: the typed text differs')
  await screen.press('ctrl-u')
  await screen.types('v1.29.0')
  await screen.passes(520)
  await screen.press('enter')
  await screen.shows('[ Resume ]')
  expect(mutations(engine)).toEqual([])
  await screen.passes(520)
  await screen.press('enter')

  await screen.shows('Taking the lock')
  expect(mutations(engine)).toEqual(['resume'])
  await screen.close()
})

test('pruning moves exactly the marked versions after the count was typed', async () => {
  const engine = aScriptedEngine()
  const screen = await openApp(engine)
  await go(screen, ['P'])
  await screen.shows('20 marked ─')

  await screen.press('g', 'space')
  await screen.shows('v1.30.0 is protected: live, cannot be pruned')
  await screen.press('c')
  await screen.press('G', 'space', 'k', 'k', 'v')
  await screen.shows(' 3 marked ─')
  await screen.press('X')
  await screen.types('prune 3')
  await screen.press('tab', 'tab')
  await screen.passes(520)
  await screen.press('enter')
  await screen.shows('3 versions moved to')

  expect(engine.requests[engine.calls.indexOf('prune')]).toEqual({ keep: 10, ids: [1, 3, 2] })
  await screen.close()
})

test('escapes in a history, a plan and an error never reach the terminal', async () => {
  const hostile = '\u001B]0;owned\u0007\u001B[2Jx\u202Ey'
  const overview = anOverview()
  const [first, ...rest] = overview.history.deployments
  if (!first) throw new Error('no deployment')
  const engine = aScriptedEngine({
    overview: {
      ...overview,
      app: `my${hostile}`,
      history: { ...overview.history, deployments: [{ ...first, commit: hostile, reason: hostile }, ...rest] },
    },
    fails: { plan: new Error(`registry said ${hostile}`) },
  })
  const screen = await openApp(engine, { columns: 120, rows: 30, now: () => NOW })
  await screen.shows('my^[]0;owned^G^[[2Jx<U+202E>y')

  await screen.press('j', 'r', 'enter')
  await screen.shows('registry said ^[]0;owned')

  expect(screen.text()).toContain('Roll back v1.30.0 to')
  await screen.close()
})
