import { expect, test } from 'vitest'
import type { Question } from '../../../src/approval/ask.ts'
import { createAppStore } from '../../../store/app-store.ts'
import { createContext } from '../../../store/command-context.ts'
import { createApprover } from '../../../store/dialog/approver.ts'
import { dialogCommands } from '../../../store/dialog/dialog-commands.ts'
import { initialState } from '../../../store/state.ts'
import { NOW } from '../../support/builders/app-builders.ts'
import { aScriptedEngine } from '../../support/harness/app-engine.ts'

const PASSWORD: Question = { id: 'one-time-password', registry: 'npm', default: '' }
const FAILURE: Question = {
  id: 'after-partial-failure',
  failed: ['brew:x'],
  options: ['continue', 'undo', 'stop'],
  default: 'stop',
}

/** The dialogs of a store over a clock that the test sets. */
function anApprover() {
  const clock = { ms: 0 }
  const store = createAppStore(initialState({ isReadOnly: false, canSavePlan: false, program: 'bagboy-tui' }, NOW))
  const context = createContext(aScriptedEngine(), store, {
    now: () => NOW,
    elapsedMs: () => clock.ms,
    after: () => () => undefined,
    copy: () => '',
    watchMs: 60_000,
    ring: () => undefined,
    savePlan: undefined,
  })
  const shown = () => store.getState().dialog
  return { clock, store, context, shown, approver: createApprover(context), dialogs: dialogCommands(context) }
}

test('the next question is shown when the one before it is answered', async () => {
  const { approver, clock, dialogs, store, shown } = anApprover()
  const { signal } = new AbortController()
  const first = approver.ask(PASSWORD, signal)
  const second = approver.ask(FAILURE, signal)
  expect(shown()).toMatchObject({ kind: 'secret', title: 'One-time password for npm' })

  store.dispatch({ type: 'dialog.key', key: { kind: 'text', text: '123456', isPaste: false }, atMs: 0 })
  clock.ms = 2000
  dialogs.accept()

  expect(await first).toBe('123456')
  expect(shown()).toMatchObject({ kind: 'choice', title: 'Some registries failed' })
  store.dispatch({ type: 'dialog.key', key: { kind: 'move', by: 2 }, atMs: 2100 })
  clock.ms = 4000
  dialogs.accept()
  expect(await second).toBe('undo')
  expect(shown()).toBeNull()
})

test('Esc answers with the default', async () => {
  const { approver, dialogs, shown } = anApprover()
  const answer = approver.ask(FAILURE, new AbortController().signal)

  dialogs.cancelDialog()

  expect(await answer).toBe('stop')
  expect(shown()).toBeNull()
})

test('a question waits until the dialog of the operator is closed', async () => {
  const { approver, dialogs, shown } = anApprover()
  dialogs.showText('Evidence', 'ok')
  void approver.ask(FAILURE, new AbortController().signal)
  expect(shown()?.kind).toBe('text')

  dialogs.accept()

  expect(shown()?.kind).toBe('choice')
})

test('a question that is withdrawn takes its default and its dialog with it', async () => {
  const { approver, shown } = anApprover()
  const withdrawal = new AbortController()
  const answer = approver.ask(FAILURE, withdrawal.signal)

  withdrawal.abort()

  expect(await answer).toBe('stop')
  expect(shown()).toBeNull()
})

test('a confirmation does what it says once, with the reason that was typed', () => {
  const { clock, context, dialogs, store, shown } = anApprover()
  const reasons: string[] = []
  context.confirm({
    title: 'Go',
    facts: [],
    label: 'Go',
    reasonMode: 'required',
    accept: (reason) => reasons.push(reason),
  })
  store.dispatch({ type: 'dialog.key', key: { kind: 'text', text: ' bad release ', isPaste: false }, atMs: 0 })
  store.dispatch({ type: 'dialog.key', key: { kind: 'onward' }, atMs: 0 })
  clock.ms = 1000
  dialogs.accept()
  dialogs.accept()

  expect(reasons).toEqual(['bad release'])
  expect(shown()).toBeNull()
})
