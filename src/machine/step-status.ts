/**
 * A step's own states. `running` states never survive a crash: a step between an intent and its proof is `unknown`
 * until the registry has been read again.
 */
export const STEP_STATUSES = [
  'pending',
  'checking',
  'executing',
  'verifying',
  'done',
  'already',
  'skipped',
  'failed',
  'unknown',
  'conflict',
  'manual',
  'undone',
] as const
export type StepStatus = (typeof STEP_STATUSES)[number]

export function isRunning(status: StepStatus): boolean {
  return status === 'checking' || status === 'executing' || status === 'verifying'
}

/** Nothing is left to do for this step when going forward. */
export function isTerminal(status: StepStatus): boolean {
  return status === 'done' || status === 'already' || status === 'skipped'
}

/** The step needs a person. */
export function needsAttention(status: StepStatus): boolean {
  return status === 'failed' || status === 'unknown' || status === 'conflict'
}
