import { cursorOf } from '../../store/cursor.ts'
import { pageRows, type Layout } from '../frame/layout.ts'
import type { KeyBinding, KeyContext } from './key-binding.ts'
import { scrollRows } from './scroll-rows.ts'

function moveTo({ state, layout, dispatch }: KeyContext, target: number): void {
  const last = Math.max(0, scrollRows(state, layout) - 1)
  dispatch({ type: 'cursor.set', screen: state.screen, index: Math.max(0, Math.min(target, last)) })
}

const moveBy =
  (rows: (layout: Layout) => number): KeyBinding['run'] =>
  (context) =>
    moveTo(context, cursorOf(context.state, context.state.screen) + rows(context.layout))

const halfPage = (layout: Layout): number => Math.ceil(pageRows(layout) / 2)

/** Keys that move the cursor of every list and every page. */
export const MOVE_KEYS: readonly KeyBinding[] = [
  { keys: ['k', 'up'], scope: 'move', label: 'one row up', run: moveBy(() => -1) },
  { keys: ['j', 'down'], scope: 'move', label: 'one row down', run: moveBy(() => 1) },
  { keys: ['ctrl-u'], scope: 'move', label: 'half a page up', run: moveBy((layout) => -halfPage(layout)) },
  { keys: ['ctrl-d'], scope: 'move', label: 'half a page down', run: moveBy(halfPage) },
  { keys: ['pgup'], scope: 'move', label: 'a page up', run: moveBy((layout) => -pageRows(layout)) },
  { keys: ['pgdn'], scope: 'move', label: 'a page down', run: moveBy(pageRows) },
  { keys: ['g', 'home'], scope: 'move', label: 'first', run: (context) => moveTo(context, 0) },
  { keys: ['G', 'end'], scope: 'move', label: 'last', run: (context) => moveTo(context, Number.MAX_SAFE_INTEGER) },
]
