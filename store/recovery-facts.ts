import type { RecoveryReport, RecoveryStep } from '../src/engine/engine.ts'

/** What resuming would do, registry by registry, in as few lines as there are kinds of it. Pure. */
export function resumeFacts({ view, steps }: RecoveryReport): readonly string[] {
  const target = view.direction === 'undo' ? view.plan.from : view.plan.to
  const named = (next: RecoveryStep['next']) => namesOf(steps.filter((step) => step.next === next))
  return [
    line(`Writes ${target} to`, named('run')),
    line('Proves by reading back', named('verify')),
    line('Waits for a person', named('wait')),
    line('Stops and asks', named('stop')),
    line('Leaves as it is', named('nothing')),
  ].flat()
}

/** What undoing would do. Pure. */
export function undoFacts({ view, steps }: RecoveryReport): readonly string[] {
  const isTouched = ({ intended, step }: RecoveryStep): boolean =>
    intended !== 'not-started' && view.steps.find(({ id }) => id === step)?.status !== 'already'
  return [
    line('Puts back', namesOf(steps.filter(isTouched))),
    line('Was never touched', namesOf(steps.filter((step) => !isTouched(step)))),
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
