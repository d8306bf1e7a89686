import type { Phase } from '../../src/machine/transitions.ts'
import type { Tone } from '../theme/theme.ts'

export interface BreadcrumbStop {
  readonly label: string
  readonly state: 'past' | 'here' | 'ahead'
  readonly glyph: string
  readonly tone: Tone
}

const ROAD = ['Deployed', 'Plan', 'Validate', 'In progress', 'Verify', 'Complete'] as const

interface Place {
  /** Index into the road. */
  readonly at: number
  readonly label: string
  readonly glyph: string
  readonly tone: Tone
  /** The road ends here: what would follow does not. */
  readonly isOff?: boolean
}

const PLACES: Readonly<Record<Phase, Place>> = {
  deployed: { at: 0, label: 'DEPLOYED', glyph: '●', tone: 'ok' },
  monitoring: { at: 0, label: 'MONITORING', glyph: '●', tone: 'ok' },
  healthCheckFailed: { at: 0, label: 'HEALTH CHECK FAILED', glyph: '✗', tone: 'bad' },
  autoRollbackTrigger: { at: 0, label: 'TRIGGER FIRED', glyph: '▲', tone: 'warning' },
  planning: { at: 1, label: 'REVIEW PLAN', glyph: '◐', tone: 'info' },
  rollbackInitiated: { at: 2, label: 'INITIATED', glyph: '◐', tone: 'info' },
  validation: { at: 2, label: 'VALIDATION', glyph: '◐', tone: 'info' },
  validationFailed: { at: 2, label: 'VALIDATION FAILED', glyph: '✗', tone: 'bad', isOff: true },
  rollbackInProgress: { at: 3, label: 'IN PROGRESS', glyph: '◐', tone: 'info' },
  paused: { at: 3, label: 'PAUSED', glyph: '‖', tone: 'warning' },
  aborting: { at: 3, label: 'STOPPING', glyph: '◐', tone: 'warning', isOff: true },
  aborted: { at: 3, label: 'STOPPED', glyph: '▲', tone: 'warning', isOff: true },
  verifying: { at: 4, label: 'VERIFYING', glyph: '◐', tone: 'info' },
  manualOutstanding: { at: 4, label: 'MANUAL STEPS', glyph: '▲', tone: 'warning' },
  rollbackComplete: { at: 5, label: 'COMPLETE', glyph: '✓', tone: 'ok' },
  rollbackFailed: { at: 4, label: 'ROLLBACK FAILED', glyph: '✗', tone: 'bad', isOff: true },
  interrupted: { at: 3, label: 'INTERRUPTED', glyph: '▲', tone: 'warning', isOff: true },
  recoveryMode: { at: 3, label: 'RECOVERY', glyph: '▲', tone: 'warning', isOff: true },
  manualIntervention: { at: 4, label: 'NEEDS A PERSON', glyph: '▲', tone: 'bad', isOff: true },
}

/** Before anything was planned, a person is needed as much as later. */
const CALLED: Place = { at: 0, label: 'NEEDS A PERSON', glyph: '▲', tone: 'bad' }

/**
 * The machine as a breadcrumb: where we come from, where we are, what is ahead. `during` a watch nothing is planned yet.
 * Pure.
 */
export function breadcrumbStops(phase: Phase, during: 'watch' | 'run' = 'run'): readonly BreadcrumbStop[] {
  const place = during === 'watch' && phase === 'manualIntervention' ? CALLED : PLACES[phase]
  const past = ROAD.slice(0, place.at).map((label) => ({ label, state: 'past', glyph: '', tone: 'dim' }) as const)
  const ahead = place.isOff
    ? []
    : ROAD.slice(place.at + 1).map((label) => ({ label, state: 'ahead', glyph: '', tone: 'dim' }) as const)
  return [...past, { label: place.label, state: 'here', glyph: place.glyph, tone: place.tone }, ...ahead]
}
