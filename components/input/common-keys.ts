import { equivalentCommand } from '../../store/run/equivalent-command.ts'
import type { Binding } from './key-binding.ts'
import { noAuto, noComparison, noHealth, noProposal } from './off-reasons.ts'
import { noTraffic } from '../traffic/traffic-off-reasons.ts'

/** Keys that mean the same on every screen. */
export const COMMON_KEYS: readonly Binding[] = [
  { action: 'up', keys: ['k', 'up'], scope: 'move', label: 'one row up' },
  { action: 'down', keys: ['j', 'down'], scope: 'move', label: 'one row down' },
  { action: 'half-up', keys: ['ctrl-u'], scope: 'move', label: 'half a page up' },
  { action: 'half-down', keys: ['ctrl-d'], scope: 'move', label: 'half a page down' },
  { action: 'page-up', keys: ['pgup'], scope: 'move', label: 'a page up' },
  { action: 'page-down', keys: ['pgdn'], scope: 'move', label: 'a page down' },
  { action: 'first', keys: ['g', 'home'], scope: 'move', label: 'first' },
  { action: 'last', keys: ['G', 'end'], scope: 'move', label: 'last' },

  {
    action: 'filter',
    keys: ['/'],
    scope: 'everywhere',
    label: 'filter the history',
    off: (state) => (state.screen === 'history' ? null : 'only in the history'),
  },
  { action: 'screen-history', keys: ['1'], scope: 'everywhere', label: 'history' },
  { action: 'screen-health', keys: ['2'], scope: 'everywhere', label: 'health', off: noHealth },
  { action: 'screen-compare', keys: ['3'], scope: 'everywhere', label: 'compare', off: noComparison },
  { action: 'screen-runs', keys: ['4'], scope: 'everywhere', label: 'runs' },
  { action: 'screen-prune', keys: ['5'], scope: 'everywhere', label: 'prune' },
  { action: 'screen-traffic', keys: ['6'], scope: 'everywhere', label: 'traffic', off: noTraffic },
  {
    action: 'review-proposal',
    keys: ['v'],
    scope: 'everywhere',
    label: 'review the rollback that a trigger asks for',
    off: noProposal,
  },
  {
    action: 'toggle-auto',
    keys: ['A'],
    scope: 'everywhere',
    label: 'hold the automatic rollback; where it is held, arm it…',
    isDangerous: true,
    off: noAuto,
  },
  { action: 'copy', keys: ['y'], scope: 'everywhere', label: 'copy what this screen is about' },
  {
    action: 'copy-command',
    keys: ['ctrl-y'],
    scope: 'everywhere',
    label: 'copy the equivalent command line',
    off: (state) => (equivalentCommand(state) === '' ? 'no command does the same' : null),
  },
  { action: 'refresh', keys: ['ctrl-r'], scope: 'everywhere', label: 'read everything again' },
  { action: 'redraw', keys: ['ctrl-l'], scope: 'everywhere', label: 'draw the screen again' },
  { action: 'suspend', keys: ['ctrl-z'], scope: 'everywhere', label: 'suspend to the shell' },
  {
    action: 'read-only',
    keys: ['!'],
    scope: 'everywhere',
    label: 'switch read-only on for this session',
    off: (state) => (state.options.isReadOnly ? 'it is on' : null),
  },
  { action: 'stop', keys: ['ctrl-c'], scope: 'everywhere', label: 'quit; during a run it asks' },
  { action: 'help', keys: ['?'], scope: 'everywhere', label: 'this help', hint: 'help' },
  { action: 'back', keys: ['esc'], scope: 'everywhere', label: 'back', hint: 'back' },
  { action: 'quit', keys: ['q'], scope: 'everywhere', label: 'back; at the beginning it quits' },
]
