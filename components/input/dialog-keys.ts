import { isField, type Dialog, type DialogKey } from '../../store/dialog/dialog.ts'
import type { KeyContext } from './key-binding.ts'
import { isPrintable } from './key-name.ts'

/** One key while a dialog is open. */
export function handleDialogKey(name: string, input: string, { state, commands, dispatch }: KeyContext): void {
  const { dialog } = state
  if (name === 'esc' || name === 'ctrl-c') return commands.cancelDialog()
  if (!dialog || dialog.kind === 'menu') return
  if (state.flash) dispatch({ type: 'flash.shown', flash: null })
  if (name === 'enter') return commands.accept()
  const isText = dialog.kind === 'confirm' || dialog.kind === 'secret'
  const key = isText ? fieldKey(name, input) : listKey(name)
  if (key?.kind === 'text' && isOnButton(dialog)) {
    return commands.notify('info', 'A button takes no text. Tab goes to a field.')
  }
  if (key) return dispatch({ type: 'dialog.key', key, atMs: commands.elapsedMs() })
  if (name === 'q' && !isText) commands.cancelDialog()
}

function fieldKey(name: string, input: string): DialogKey | undefined {
  switch (name) {
    case 'tab':
    case 'down':
      return { kind: 'next' }
    case 'shift-tab':
    case 'up':
      return { kind: 'previous' }
    case 'left':
      return { kind: 'previous' }
    case 'right':
      return { kind: 'next' }
    case 'ctrl-u':
      return { kind: 'clear' }
    case 'backspace':
    case 'delete':
      return { kind: 'erase' }
    default:
      return isPrintable(name, input) ? { kind: 'text', text: input, isPaste: false } : undefined
  }
}

function listKey(name: string): DialogKey | undefined {
  switch (name) {
    case 'up':
    case 'k':
      return { kind: 'move', by: -1 }
    case 'down':
    case 'j':
      return { kind: 'move', by: 1 }
    case 'pgup':
      return { kind: 'move', by: -10 }
    case 'pgdn':
      return { kind: 'move', by: 10 }
    case 'space':
      return { kind: 'toggle' }
    default:
      return undefined
  }
}

function isOnButton(dialog: Dialog): boolean {
  return dialog.kind === 'confirm' && !isField(dialog.focus)
}

/** A paste is text for a field, never keys: with no field open it does nothing. */
export function handlePaste(text: string, { state, commands, dispatch }: KeyContext): void {
  const { dialog, filter } = state
  if (dialog?.kind === 'confirm' && dialog.focus !== 'reason') {
    const why = dialog.focus === 'typed' ? 'Pasting here is off: type the word.' : 'A button takes no text.'
    return commands.notify('warning', why)
  }
  if (dialog?.kind === 'confirm' || dialog?.kind === 'secret') {
    const clean = text.replaceAll(/\p{Cc}+/gu, ' ').trim()
    return dispatch({
      type: 'dialog.key',
      key: { kind: 'text', text: clean, isPaste: true },
      atMs: commands.elapsedMs(),
    })
  }
  if (filter.isOpen) {
    dispatch({ type: 'filter.changed', text: filter.text + text.replaceAll(/\p{Cc}+/gu, ' ').trim(), isOpen: true })
  }
}
