import { BagboyError } from '../errors/bagboy-error.ts'

/**
 * The one drawing of a rollback: phase → signal → next phase. It knows nothing of effects; the engine asks it before
 * every change, the screen asks it which keys are live, `docs/state-machine.md` is generated from it.
 */
export const TRANSITIONS = {
  deployed: {
    'monitor.started': 'monitoring',
    'health.failed': 'healthCheckFailed',
    'rollback.requested': 'planning',
  },
  monitoring: {
    'monitor.stopped': 'deployed',
    'health.failed': 'healthCheckFailed',
    'trigger.fired': 'autoRollbackTrigger',
    'analysis.inconclusive': 'manualIntervention',
    'rollback.requested': 'planning',
  },
  healthCheckFailed: {
    'health.recovered': 'monitoring',
    'trigger.fired': 'autoRollbackTrigger',
    'analysis.inconclusive': 'manualIntervention',
    'rollback.requested': 'planning',
  },
  autoRollbackTrigger: {
    'rollback.requested': 'planning',
    'trigger.vetoed': 'monitoring',
    'health.recovered': 'monitoring',
    'trigger.suppressed': 'manualIntervention',
  },
  planning: { 'plan.accepted': 'rollbackInitiated' },
  rollbackInitiated: { 'lock.taken': 'validation' },
  validation: {
    'validation.passed': 'rollbackInProgress',
    'validation.failed': 'validationFailed',
    'run.aborted': 'aborting',
  },
  validationFailed: { 'operator.called': 'manualIntervention' },
  rollbackInProgress: {
    'steps.completed': 'verifying',
    'steps.failed': 'rollbackFailed',
    'run.paused': 'paused',
    'run.aborted': 'aborting',
  },
  paused: { 'run.continued': 'rollbackInProgress', 'run.aborted': 'aborting' },
  aborting: { 'steps.settled': 'aborted' },
  aborted: { 'rollback.requested': 'planning' },
  verifying: {
    'readback.agreed': 'rollbackComplete',
    'readback.disagreed': 'rollbackFailed',
    'steps.added': 'rollbackInProgress',
    'manual.outstanding': 'manualOutstanding',
  },
  manualOutstanding: {},
  rollbackComplete: { 'monitor.started': 'monitoring', 'rollback.requested': 'planning' },
  rollbackFailed: { 'recovery.started': 'recoveryMode' },
  interrupted: { 'recovery.started': 'recoveryMode' },
  recoveryMode: {
    'recovery.resumed': 'rollbackInProgress',
    'recovery.undone': 'deployed',
    'operator.called': 'manualIntervention',
  },
  manualIntervention: {
    'health.recovered': 'monitoring',
    'trigger.fired': 'autoRollbackTrigger',
    'rollback.requested': 'planning',
  },
} as const satisfies Record<string, Readonly<Record<string, string>>>

export type Phase = keyof typeof TRANSITIONS

/** Where a resumed run starts again, regardless of its phase. */
export const RESUMED: Phase = 'interrupted'

type KeysOf<T> = T extends unknown ? keyof T : never
export type Signal = KeysOf<(typeof TRANSITIONS)[Phase]>

/** Where a signal leads, or `undefined` when this phase has no such arrow. */
export function nextPhase(phase: Phase, signal: Signal): Phase | undefined {
  const arrows: Readonly<Partial<Record<Signal, Phase>>> = TRANSITIONS[phase]
  return arrows[signal]
}

/** @throws ILLEGAL_TRANSITION: the caller took an arrow that is not drawn, which is a bug. */
export function requireTransition(phase: Phase, signal: Signal): Phase {
  const next = nextPhase(phase, signal)
  if (next) return next
  throw new BagboyError('ILLEGAL_TRANSITION', `No arrow "${signal}" leaves the phase "${phase}".`)
}

export function allowedSignals(phase: Phase): readonly Signal[] {
  return Object.keys(TRANSITIONS[phase]) as Signal[]
}
