import type { CommandContext } from '../command-context.ts'
import { safe } from '../safe.ts'
import { enterRefusal, missing, type Dialog } from './dialog.ts'

/** Accepting and leaving dialogs; what follows is in the dialog itself. */
export function dialogCommands({ dispatch, state, ports, notify }: CommandContext) {
  const close = (): void => dispatch({ type: 'dialog.opened', dialog: null })

  function cancelDialog(): void {
    const { dialog } = state()
    close()
    if (dialog && 'cancel' in dialog) dialog.cancel?.()
  }

  return {
    cancelDialog,
    /** A menu has no Enter of its own. */
    choose: (value: string): void => {
      const { dialog } = state()
      if (dialog?.kind !== 'menu') return
      close()
      dialog.accept(value)
    },
    /** Enter: in a field it goes on to the next one, on a button it presses it. One that does not count says why. */
    accept(): void {
      const { dialog } = state()
      if (!dialog || dialog.kind === 'menu') return
      const refusal = enterRefusal(dialog, ports.elapsedMs())
      if (refusal !== null) return notify('warning', refusal)
      if (dialog.kind === 'confirm') {
        if (dialog.focus === 'cancel') return cancelDialog()
        if (dialog.focus !== 'ok') {
          return dispatch({ type: 'dialog.key', key: { kind: 'onward' }, atMs: ports.elapsedMs() })
        }
        if (missing(dialog) !== null) return
      }
      close()
      carryOut(dialog)
    },
    showText(title: string, text: string): void {
      const lines = safe(text).split('\n')
      dispatch({ type: 'dialog.opened', dialog: { kind: 'text', title, lines, offset: 0 } })
    },
  }
}

function carryOut(dialog: Exclude<Dialog, { kind: 'menu' }>): void {
  switch (dialog.kind) {
    case 'confirm':
      return dialog.accept(dialog.reason.trim())
    case 'choice':
      return dialog.accept(dialog.options[dialog.index]?.value ?? '')
    case 'secret':
      return dialog.accept(dialog.typed)
    case 'findings':
      return dialog.accept(dialog.overrides)
    case 'trust':
      return dialog.accept(dialog.isTrusting)
    case 'text':
  }
}
