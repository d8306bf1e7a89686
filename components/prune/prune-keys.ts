import type { KeyBinding } from '../input/key-binding.ts'

/** The keys of the prune screen. */
export const PRUNE_KEYS: readonly KeyBinding[] = [
  { keys: ['5'], scope: 'everywhere', label: 'prune', run: ({ commands }) => void commands.openPrune() },
  {
    keys: ['space'],
    scope: 'prune',
    label: 'select or unselect',
    hint: 'select',
    isMain: true,
    run: ({ commands }) => commands.toggleSelected(),
  },
  {
    keys: ['v'],
    scope: 'prune',
    label: 'select everything since the last selected',
    hint: 'range',
    run: ({ commands }) => commands.selectRange(),
  },
  {
    keys: ['+'],
    scope: 'prune',
    label: 'keep one more',
    hint: 'keep',
    run: ({ commands }) => void commands.changeKeep(1),
  },
  {
    keys: ['-'],
    scope: 'prune',
    label: 'keep one less',
    hint: 'keep',
    run: ({ commands }) => void commands.changeKeep(-1),
  },
  {
    keys: ['a'],
    scope: 'prune',
    label: 'select all that is not protected',
    hint: 'all',
    run: ({ commands }) => commands.selectAll(),
  },
  {
    keys: ['c'],
    scope: 'prune',
    label: 'clear the selection',
    hint: 'clear',
    run: ({ commands }) => commands.clearSelection(),
  },
  {
    keys: ['X'],
    scope: 'prune',
    label: 'PRUNE…: asks for a typed confirmation',
    hint: 'PRUNE…',
    isMain: true,
    isDangerous: true,
    disabledReason: ({ prune }) => ((prune?.selection.ids.length ?? 0) > 0 ? null : 'no version is selected (space)'),
    run: ({ commands }) => commands.confirmPrune(),
  },
]
