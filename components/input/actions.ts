import { equivalentCommand } from '../../store/run/equivalent-command.ts'
import { cursorOf, isAtWork, runExitCode } from '../../store/selectors.ts'
import { pageRows, type Layout } from '../frame/layout.ts'
import { scrollRows } from './scroll-rows.ts'
import type { Action, ActionContext } from './action.ts'
import { screenActions } from './screen-actions.ts'
import { trafficActions } from '../traffic/traffic-actions.ts'

function moveTo(context: ActionContext, target: number): void {
  const { state, dispatch } = context
  const last = Math.max(0, scrollRows(state, context.layout) - 1)
  const index = Math.max(0, Math.min(target, last))
  dispatch({ type: 'cursor.set', screen: state.screen, index })
}

const moveBy =
  (rows: (layout: Layout) => number): Action =>
  (context) =>
    moveTo(context, cursorOf(context.state, context.state.screen) + rows(context.layout))

function quitOrAsk({ commands, state, quit }: ActionContext, exitCode: number): void {
  if (isAtWork(state)) commands.askToStop()
  else quit(exitCode)
}

/** One thing less on the screen; `false` when nothing is left to leave. */
function goBack({ state, commands, dispatch }: ActionContext): boolean {
  if (state.error) dispatch({ type: 'error.shown', error: null })
  else if (state.screen === 'history' && state.filter.text !== '') {
    dispatch({ type: 'filter.changed', text: '', isOpen: false })
  } else if (state.screen === 'run' && isAtWork(state)) commands.askToStop()
  else if (state.screen === 'run' && state.run?.isActive === true) commands.stopWatching()
  else if (state.back.length > 0) commands.goBack()
  else return false
  return true
}

const general: Readonly<Record<string, Action>> = {
  up: moveBy(() => -1),
  down: moveBy(() => 1),
  'half-up': moveBy((layout) => -Math.ceil(pageRows(layout) / 2)),
  'half-down': moveBy((layout) => Math.ceil(pageRows(layout) / 2)),
  'page-up': moveBy((layout) => -pageRows(layout)),
  'page-down': moveBy((layout) => pageRows(layout)),
  first: (context) => moveTo(context, 0),
  last: (context) => moveTo(context, Number.MAX_SAFE_INTEGER),
  filter: ({ dispatch, state }) => dispatch({ type: 'filter.changed', text: state.filter.text, isOpen: true }),
  help: ({ dispatch }) => dispatch({ type: 'help.changed', help: { text: '', offset: 0 } }),
  refresh: ({ commands }) => void commands.refresh(),
  redraw: ({ redraw }) => redraw(),
  suspend: ({ suspend }) => suspend(),
  'read-only': ({ dispatch, commands }) => {
    dispatch({ type: 'options.read-only' })
    commands.say('info', 'Read-only for the rest of this session.')
  },
  stop: (context) => quitOrAsk(context, runExitCode(context.state) ?? 130),
  // Whoever presses esc until nothing moves wants to be at the beginning, not outside.
  back: (context) => {
    if (!goBack(context)) context.commands.say('info', 'This is the beginning. q quits.')
  },
  quit: (context) => {
    if (!goBack(context)) quitOrAsk(context, runExitCode(context.state) ?? 0)
  },
  'copy-command': ({ commands, state }) => commands.copy(equivalentCommand(state)),
}

export const ACTIONS: Readonly<Record<string, Action>> = { ...general, ...screenActions, ...trafficActions }
