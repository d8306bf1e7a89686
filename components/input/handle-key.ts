import { disabledReason, type KeyContext } from './key-binding.ts'
import { handleDialogKey } from './dialog-keys.ts'
import { isPrintable } from './key-name.ts'
import { bindingFor } from './keymap.ts'
import { isAtWork, runExitCode } from '../../store/run/run-selectors.ts'

/** Keys that were typed for the screen before: an upper-case one does nothing this soon after a change. */
const SCREEN_GUARD_MS = 120

/** One key, by name; the one place where keys meet the state. */
export function handleKey(name: string, input: string, context: KeyContext): void {
  const { state, commands } = context
  if (context.layout.mode === 'line' && name !== 'ctrl-c') return
  if (state.dialog) return handleDialogKey(name, input, context)
  if (state.help) return handleHelpKey(name, input, context)
  if (state.filter.isOpen) return handleFilterKey(name, input, context)
  if (state.busy?.canCancel === true && name === 'esc') return commands.cancelWait()
  if (!state.busy || name === 'ctrl-c' || MOVES.has(name)) handleBoundKey(name, context)
}

function handleBoundKey(name: string, context: KeyContext): void {
  const { state, commands, dispatch } = context
  const binding = bindingFor(name, state)
  if (!binding) return
  const isChange = binding.isDangerous === true || /^[A-Z]$/u.test(name)
  if (isChange && commands.elapsedMs() - state.screenSinceMs < SCREEN_GUARD_MS) {
    return commands.notify('warning', `${name} came while the screen changed. Press it again.`)
  }
  const reason = disabledReason(binding, state)
  if (reason !== null) return commands.notify('warning', `${binding.keys[0] ?? ''}: ${reason}`)
  if (state.flash) dispatch({ type: 'flash.shown', flash: null })
  binding.run(context)
}

const MOVES = new Set(['up', 'down', 'j', 'k', 'pgup', 'pgdn', 'g', 'G', 'home', 'end', '?', 'ctrl-l', 'ctrl-z'])

function handleFilterKey(name: string, input: string, { state, dispatch }: KeyContext): void {
  const { text } = state.filter
  const change = (next: string, isOpen: boolean): void => dispatch({ type: 'filter.changed', text: next, isOpen })
  if (name === 'esc') return change('', false)
  if (name === 'enter') return change(text, false)
  if (name === 'backspace' || name === 'delete') return change(text.slice(0, -1), text !== '')
  if (isPrintable(name, input)) change(text + input, true)
}

const CLOSES_HELP: ReadonlySet<string> = new Set(['esc', 'ctrl-c', 'enter'])
const HELP_MOVES: Readonly<Record<string, number>> = { up: -1, down: 1, pgup: -8, pgdn: 8 }

function handleHelpKey(name: string, input: string, { state, dispatch, quit }: KeyContext): void {
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
