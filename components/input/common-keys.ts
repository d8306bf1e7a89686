import { equivalentCommand } from '../../store/equivalent-command.ts'
import { copyText } from './copy-text.ts'
import type { KeyBinding } from './key-binding.ts'
import { goBack, quitOrAsk } from './leave.ts'

/** Keys that mean the same on every screen and belong to no feature. */
export const COMMON_KEYS: readonly KeyBinding[] = [
  {
    keys: ['y'],
    scope: 'everywhere',
    label: 'copy what this screen is about',
    run: ({ commands, state }) => {
      const text = copyText(state)
      if (text === '') return commands.notify('info', 'Nothing to copy here.')
      commands.copy(text)
      commands.showText('Copied; if your terminal did not take it, select it here', text)
    },
  },
  {
    keys: ['ctrl-y'],
    scope: 'everywhere',
    label: 'copy the equivalent command line',
    disabledReason: (state) => (equivalentCommand(state) === '' ? 'no command does the same' : null),
    run: ({ commands, state }) => commands.copy(equivalentCommand(state)),
  },
  {
    keys: ['ctrl-r'],
    scope: 'everywhere',
    label: 'read everything again',
    run: ({ commands }) => void commands.refresh(),
  },
  { keys: ['ctrl-l'], scope: 'everywhere', label: 'draw the screen again', run: ({ redraw }) => redraw() },
  { keys: ['ctrl-z'], scope: 'everywhere', label: 'suspend to the shell', run: ({ suspend }) => suspend() },
  {
    keys: ['!'],
    scope: 'everywhere',
    label: 'switch read-only on for this session',
    disabledReason: ({ options }) => (options.isReadOnly ? 'it is on' : null),
    run: ({ dispatch, commands }) => {
      dispatch({ type: 'options.read-only' })
      commands.notify('info', 'Read-only for the rest of this session.')
    },
  },
  {
    keys: ['ctrl-c'],
    scope: 'everywhere',
    label: 'quit; during a run it asks',
    run: (context) => quitOrAsk(context, 130),
  },
  {
    keys: ['?'],
    scope: 'everywhere',
    label: 'this help',
    hint: 'help',
    run: ({ dispatch }) => dispatch({ type: 'help.changed', help: { text: '', offset: 0 } }),
  },
  {
    keys: ['esc'],
    scope: 'everywhere',
    label: 'back',
    // Esc never quits: an operator who presses it repeatedly wants the first screen.
    run: (context) => {
      if (!goBack(context)) context.commands.notify('info', 'Nothing to go back to. Press q to quit.')
    },
  },
  {
    keys: ['q'],
    scope: 'everywhere',
    label: 'back; at the beginning it quits',
    run: (context) => {
      if (!goBack(context)) quitOrAsk(context, 0)
    },
  },
]
