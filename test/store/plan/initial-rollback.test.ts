import { expect, test } from 'vitest'
import { BagboyError } from '../../../src/errors/bagboy-error.ts'
import { createAppStore } from '../../../store/app-store.ts'
import { createCommands } from '../../../store/commands.ts'
import { initialState } from '../../../store/state.ts'
import { aRunSummary, overviewOf, scriptedEngine, type EngineScript } from '../../support/engine/scripted-engine.ts'
import { aHistory } from '../../support/builders/a-history.ts'

const NOW = '2026-02-01T19:00:00.000Z'
const ASKED = {
  target: '~1',
  only: ['npm'],
  except: ['brew'],
  reason: '5xx after deploy',
  incident: 'https://example.com/1',
  overrides: ['V13'],
}

async function startWith(script: EngineScript) {
  const engine = scriptedEngine(script)
  const options = { isReadOnly: false, canSavePlan: false, program: 'bagboy-tui' }
  const store = createAppStore(initialState(options, NOW))
  const commands = createCommands(engine, store, {
    now: () => NOW,
    elapsedMs: () => 0,
    after: () => () => undefined,
    copy: () => '',
    watchMs: 60_000,
    ring: () => undefined,
    savePlan: undefined,
  })
  await commands.start(undefined, ASKED)
  return { engine, store, commands }
}

test('the app opens on the plan the command line asked for; what --only leaves out is left out', async () => {
  const { engine, store, commands } = await startWith({})

  commands.confirmRun()

  expect(engine.calls).toContainEqual([
    'plan',
    {
      target: '~1',
      only: [],
      except: ['brew', 'docker:127.0.0.1:5000/myapp'],
      reason: '',
      incident: 'https://example.com/1',
      overrides: ['V13'],
    },
  ])
  const { screen, dialog } = store.getState()
  expect(screen).toBe('plan')
  expect(dialog).toMatchObject({ kind: 'confirm', reason: '', reasonMode: 'none' })
})

test('an unfinished run comes before a new plan', async () => {
  const overview = { ...overviewOf(aHistory()), runs: [aRunSummary({ isOpen: true, result: null })] }

  const { engine, store } = await startWith({ overview: () => Promise.resolve(overview) })

  expect(store.getState().screen).toBe('recovery')
  expect(engine.calls.map(([name]) => name)).not.toContain('plan')
})

test('a foreign run is not opened, and no key goes on with it: opening it says which command does', async () => {
  const foreign = aRunSummary({
    isOpen: true,
    result: null,
    origin: { kind: 'foreign', reason: 'unknown-key', key: '0123456789abcdef' },
  })
  const refusal = new BagboyError('RUN_FOREIGN', 'The run is not yours.', { hint: 'runs resume RUN --takeover' })

  const { engine, store, commands } = await startWith({
    overview: () => Promise.resolve({ ...overviewOf(aHistory()), runs: [foreign] }),
    recovery: () => Promise.reject(refusal),
  })
  const { screen } = store.getState()
  await commands.openRun(foreign.id)

  expect(screen).toBe('plan')
  expect(store.getState().screen).not.toBe('recovery')
  expect(store.getState().error).toMatchObject({ code: 'RUN_FOREIGN', hint: 'runs resume RUN --takeover' })
  expect(engine.calls.map(([name]) => name)).not.toContain('resume')
})
