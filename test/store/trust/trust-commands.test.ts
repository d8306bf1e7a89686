import { expect, test } from 'vitest'
import { createAppStore } from '../../../store/app-store.ts'
import { createCommands } from '../../../store/commands.ts'
import { initialState } from '../../../store/state.ts'
import { NOW } from '../../support/builders/app-builders.ts'
import { aScriptedEngine } from '../../support/harness/app-engine.ts'
import { ALWAYS_TRUSTED } from '../../support/engine/always-trusted.ts'

/** The store of an app that asks about trust, at a time that the test sets. */
async function anAskingApp() {
  const given: string[] = []
  const report = { ...(await ALWAYS_TRUSTED.trust()), state: 'untrusted' as const, source: null, hash: 'c0ffee' }
  const engine = Object.assign(aScriptedEngine(), {
    trust: () => Promise.resolve(report),
    giveTrust: (hash: string) => {
      given.push(hash)
      return Promise.resolve({ ...report, state: 'trusted' as const })
    },
  })
  const clock = { ms: 1000 }
  const store = createAppStore(initialState({ isReadOnly: false, canSavePlan: false, program: 'bagboy-tui' }, NOW))
  const commands = createCommands(engine, store, {
    now: () => NOW,
    elapsedMs: () => clock.ms,
    after: () => () => undefined,
    copy: () => '',
    watchMs: 60_000,
    ring: () => undefined,
    savePlan: undefined,
  })
  await commands.start()
  return { store, commands, clock, given }
}

test('an Enter that was typed for something else answers nothing', async () => {
  const { store, commands, clock, given } = await anAskingApp()

  clock.ms += 499
  commands.accept()
  expect(store.getState().dialog?.kind).toBe('trust')
  clock.ms += 1
  commands.accept()

  expect(store.getState().dialog).toBeNull()
  expect(store.getState().trust).toBe('untrusted')
  expect(given).toEqual([])
})

test('after the answer was changed Enter waits again, and then gives trust', async () => {
  const { store, commands, clock, given } = await anAskingApp()

  clock.ms += 600
  store.dispatch({ type: 'dialog.key', key: { kind: 'toggle' }, atMs: clock.ms })
  commands.accept()
  expect(given).toEqual([])
  clock.ms += 500
  commands.accept()

  expect(given).toEqual(['c0ffee'])
})
