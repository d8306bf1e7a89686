import type { RecoveryNext, RecoveryReport, RecoveryStep } from '../../src/engine/engine.ts'

/** What resuming would do, registry by registry, in as few lines as there are kinds of it. Pure. */
export function resumeFacts(recovery: RecoveryReport): readonly string[] {
  const { view, direction } = recovery
  return factsOf(recovery, direction === 'undo' ? view.plan.from : view.plan.to, (step) => step)
}

/** What undoing would do. Pure. */
export function undoFacts(recovery: RecoveryReport): readonly string[] {
  return factsOf(recovery, recovery.view.plan.from, ({ undo }) => undo)
}

function factsOf(
  { steps }: RecoveryReport,
  target: string,
  decided: (step: RecoveryStep) => RecoveryNext,
): readonly string[] {
  const named = (next: RecoveryNext['next']) => namesOf(steps.filter((step) => decided(step).next === next))
  return [
    line(`Writes ${target} to`, named('run')),
    line('Proves by reading back', named('verify')),
    line('Reads again first', named('read')),
    line('Waits for a person', named('wait')),
    line('Stops and asks', named('stop')),
    line('Leaves as it is', named('nothing')),
  ].flat()
}

function line(what: string, names: readonly string[]): readonly string[] {
  return names.length === 0 ? [] : [`${what}: ${names.join(', ')}`]
}

/** The format alone where no other step has it. */
function namesOf(steps: readonly RecoveryStep[]): readonly string[] {
  const formatOf = ({ step }: RecoveryStep): string => step.slice(0, Math.max(0, step.indexOf(':')))
  return steps.map((step) =>
    steps.filter((one) => formatOf(one) === formatOf(step)).length > 1 ? step.step : formatOf(step),
  )
}
