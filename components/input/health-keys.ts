import type { Binding } from './binding.ts'
import { noAuto, noHealth, noProposal } from './off-reasons.ts'

/** The keys of the health screen. */
export const HEALTH_KEYS: readonly Binding[] = [
  {
    action: 'toggle-auto',
    keys: ['A'],
    scope: 'health',
    label: 'hold the automatic rollback, or let the next trigger roll back by itself',
    hint: 'auto',
    isDangerous: true,
    off: noAuto,
  },
  {
    action: 'pick-target',
    keys: ['r'],
    scope: 'health',
    label: 'review the rollback a trigger asks for, or choose a target…',
    hint: 'roll back…',
    off: noProposal,
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
