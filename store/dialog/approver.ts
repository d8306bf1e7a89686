import type { Answer, Approver, Question } from '../../src/approval/ask.ts'
import type { CommandContext } from '../command-context.ts'
import { openedNow, type Dialog } from './dialog.ts'
import { safe } from '../safe.ts'

interface Pending {
  readonly question: Question
  readonly resolve: (answer: Answer) => void
}

export interface DialogApprover extends Approver {
  /** The terminal is gone: what is asked, and what will be asked, gets its default answer. */
  readonly takeDefaults: () => void
}

/** Questions of the engine as dialogs: one at a time, never over a dialog the operator has opened. */
export function createApprover(context: CommandContext): DialogApprover {
  const { dispatch, ports, store } = context
  let asking: Pending | undefined
  let isAlone = false
  const waiting: Pending[] = []

  function showNext(): void {
    if (asking || store.getState().dialog) return
    asking = waiting.shift()
    if (asking) dispatch({ type: 'dialog.opened', dialog: dialogOf(safe(asking.question), answer, openedNow(ports)) })
  }

  function conclude(pending: Pending, answer: Answer): void {
    pending.resolve(answer)
    const at = waiting.indexOf(pending)
    if (at !== -1) waiting.splice(at, 1)
    if (asking !== pending) return
    asking = undefined
    dispatch({ type: 'dialog.opened', dialog: null })
    showNext()
  }

  /** Answers the question whose dialog is open; `undefined` takes its default. */
  function answer(given: Answer | undefined): void {
    if (asking) conclude(asking, given ?? asking.question.default)
  }

  store.subscribe((state, previous) => {
    if (previous.dialog && !state.dialog) showNext()
  })

  return {
    async ask(question, signal) {
      if (isAlone) return question.default
      return new Promise<Answer>((resolve) => {
        const pending: Pending = { question, resolve }
        waiting.push(pending)
        signal.addEventListener('abort', () => conclude(pending, question.default), { once: true })
        showNext()
      })
    },
    takeDefaults() {
      isAlone = true
      for (const pending of [...(asking ? [asking] : []), ...waiting]) conclude(pending, pending.question.default)
    },
  }
}

const AFTER_FAILURE = [
  { value: 'stop', label: 'Stop here: nothing is undone, the run can be resumed' },
  { value: 'continue', label: 'Continue with the registries that are left' },
  { value: 'undo', label: 'Undo what was done in this run' },
] as const

function dialogOf(
  question: Question,
  answer: (given: Answer | undefined) => void,
  opened: ReturnType<typeof openedNow>,
): Dialog {
  const ends = { accept: answer, cancel: () => answer(undefined), ...opened }
  switch (question.id) {
    case 'after-partial-failure':
      return {
        kind: 'choice',
        title: 'Some registries failed',
        facts: question.failed.map((step) => `failed: ${step}`),
        options: AFTER_FAILURE.toSorted(
          (a, b) => Number(b.value === question.default) - Number(a.value === question.default),
        ),
        index: 0,
        ...ends,
      }
    case 'one-time-password':
      return {
        kind: 'secret',
        title: `One-time password for ${question.registry}`,
        typed: '',
        ...ends,
      }
  }
}
