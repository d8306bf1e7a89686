import { shellWord } from '../../src/domain/text/shell-word.ts'
import type { PlanState } from './plan-state.ts'

/** The command line that plans the same. */
export function planCommand(program: string, plan: PlanState): string {
  return [...rollbackWords(program, plan), '--dry-run'].join(' ')
}

/** The command line that runs the same without asking. */
export function runCommand(program: string, plan: PlanState, reason: string): string {
  const why = reason === '' ? [] : ['--reason', shellWord(reason)]
  return [...rollbackWords(program, plan), ...why, '--yes'].join(' ')
}

/** With the version that was found: a word such as `previous` means another one once the rollback is done. */
function rollbackWords(program: string, { except, plan }: PlanState): readonly string[] {
  const { overrides, incident, to } = plan
  return [
    program,
    'rollback',
    shellWord(to),
    ...(except.length === 0 ? [] : [`--except=${shellWord(except.join(','))}`]),
    ...(overrides.length === 0 ? [] : [`--override=${shellWord(overrides.join(','))}`]),
    ...(incident === '' ? [] : [`--incident=${shellWord(incident)}`]),
  ]
}
