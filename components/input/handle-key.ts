import { isAtWork, runExitCode } from '../../store/selectors.ts'
import type { DialogKey } from '../../store/dialog.ts'
import type { ActionContext } from './action.ts'
import { ACTIONS } from './actions.ts'
import { offReason } from './binding.ts'
import { bindingFor } from './keymap.ts'

/** Keys that were typed for the screen before: an upper-case one does nothing this soon after a change. */
const SCREEN_GUARD_MS = 120

/** One key, by name; the one place where keys meet the state. */
export function handleKey(name: string, input: string, context: ActionContext): void {
  const { state, commands } = context
  if (context.layout.mode === 'line' && name !== 'ctrl-c') return
  if (state.dialog) return handleDialogKey(name, input, context)
  if (state.help) return handleHelpKey(name, input, context)
  if (state.filter.isOpen) return handleFilterKey(name, input, context)
  if (state.busy?.canCancel === true && name === 'esc') return commands.cancelWait()
  if (!state.busy || name === 'ctrl-c' || MOVES.has(name)) handleBoundKey(name, context)
}

function handleBoundKey(name: string, context: ActionContext): void {
  const { state, commands, dispatch } = context
  const binding = bindingFor(name, state)
  if (!binding) return
  const isChange = binding.isDangerous === true || /^[A-Z]$/u.test(name)
  if (isChange && commands.elapsedMs() - state.screenSinceMs < SCREEN_GUARD_MS) return
  const reason = offReason(binding, state)
  if (reason !== null) return commands.say('careful', `${binding.keys[0] ?? ''}: ${reason}`)
  if (state.flash) dispatch({ type: 'flash.shown', flash: null })
  ACTIONS[binding.action]?.(context)
}

const MOVES = new Set(['up', 'down', 'j', 'k', 'pgup', 'pgdn', 'g', 'G', 'home', 'end', '?', 'ctrl-l', 'ctrl-z'])

function handleDialogKey(name: string, input: string, { state, commands, dispatch }: ActionContext): void {
  const { dialog } = state
  if (name === 'esc' || name === 'ctrl-c') return commands.cancelDialog()
  if (dialog?.kind === 'menu') return
  if (name === 'enter') return commands.accept()
  const isText = dialog?.kind === 'confirm' || dialog?.kind === 'secret'
  const key = isText ? fieldKey(name, input) : listKey(name)
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

function isPrintable(name: string, input: string): boolean {
  return input !== '' && !/^(?:ctrl|alt)-/u.test(name) && !/\p{Cc}/u.test(input)
}

function handleFilterKey(name: string, input: string, { state, dispatch }: ActionContext): void {
  const { text } = state.filter
  const change = (next: string, isOpen: boolean): void => dispatch({ type: 'filter.changed', text: next, isOpen })
  if (name === 'esc') return change('', false)
  if (name === 'enter') return change(text, false)
  if (name === 'backspace' || name === 'delete') return change(text.slice(0, -1), text !== '')
  if (isPrintable(name, input)) change(text + input, true)
}

const CLOSES_HELP: ReadonlySet<string> = new Set(['esc', 'ctrl-c', 'enter'])
const HELP_MOVES: Readonly<Record<string, number>> = { up: -1, down: 1, pgup: -8, pgdn: 8 }

function handleHelpKey(name: string, input: string, { state, dispatch, quit }: ActionContext): void {
  const help = state.help ?? { text: '', offset: 0 }
  if (name === 'ctrl-c' && !isAtWork(state)) return quit(runExitCode(state) ?? 130)
  if (CLOSES_HELP.has(name) || (name === '?' && help.text === '')) {
    return dispatch({ type: 'help.changed', help: null })
  }
  const by = HELP_MOVES[name]
  if (by !== undefined) {
    return dispatch({ type: 'help.changed', help: { ...help, offset: Math.max(0, help.offset + by) } })
  }
  const erased = name === 'backspace' || name === 'delete' ? help.text.slice(0, -1) : undefined
  const typed = isPrintable(name, input) ? help.text + input : help.text
  dispatch({ type: 'help.changed', help: { text: erased ?? typed, offset: 0 } })
}

/** A paste is text for a field, never keys: with no field open it does nothing. */
export function handlePaste(text: string, { state, commands, dispatch }: ActionContext): void {
  const { dialog, filter } = state
  if (dialog?.kind === 'confirm' && dialog.focus === 'typed') {
    return commands.say('careful', 'Pasting here is off: type the word.')
  }
  if (dialog?.kind === 'confirm' || dialog?.kind === 'secret') {
    const isEmptyTarget = dialog.kind === 'confirm' && dialog.reasonMode === 'none'
    if (isEmptyTarget) return commands.say('careful', 'Pasting here is off: type the word.')
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
