import type { Binding } from '../input/key-binding.ts'
import { noAuto, noHealth, noProposal, noRollback } from '../input/off-reasons.ts'

/** The keys of the health screen. */
export const HEALTH_KEYS: readonly Binding[] = [
  {
    action: 'toggle-auto',
    keys: ['A'],
    scope: 'health',
    label: 'hold the automatic rollback; where it is held, arm it…',
    hint: 'auto',
    isMain: true,
    isDangerous: true,
    off: noAuto,
  },
  {
    action: 'review-proposal',
    keys: ['v'],
    scope: 'health',
    label: 'review the rollback that a trigger asks for',
    hint: 'review',
    isMain: true,
    isRare: true,
    off: noProposal,
  },
  {
    action: 'pick-target',
    keys: ['r'],
    scope: 'health',
    label: 'roll back…: choose a target',
    hint: 'roll back…',
    isMain: true,
    off: noRollback,
  },
  {
    action: 'evidence',
    keys: ['enter'],
    scope: 'health',
    label: 'all of the evidence',
    hint: 'evidence',
    off: noHealth,
  },
  {
    action: 'probe-now',
    keys: ['space'],
    scope: 'health',
    label: 'ask every check now',
    hint: 'ask now',
    off: noHealth,
  },
  { action: 'next-bad', keys: [']'], scope: 'health', label: 'next check that does not pass', off: noHealth },
  { action: 'previous-bad', keys: ['['], scope: 'health', label: 'previous one', off: noHealth },
]
