import type { Stamped } from '../../../src/events/events.ts'
import { nextPhase, RESUMED, type Phase } from '../../../src/machine/transitions.ts'

/** What must hold of the records of one run, wherever it stands. Pure. @returns what does not */
export function checkJournal(events: readonly Stamped[]): readonly string[] {
  const gaps = events.filter(({ seq }, index) => seq !== index + 1).map(({ seq }) => `record ${seq} is out of place`)
  return [...gaps, ...checkPhases(events), ...checkDirection(events)]
}

/** Only drawn arrows, each from where the run stood. */
function checkPhases(events: readonly Stamped[]): readonly string[] {
  const wrong: string[] = []
  let phase: Phase = 'planning'
  for (const event of events) {
    if (event.type === 'run.adopted') phase = RESUMED
    if (event.type !== 'phase.changed') continue
    const { from, to, signal } = event
    if (from !== phase || nextPhase(from, signal) !== to)
      wrong.push(`${phase}: ${from} -${signal}-> ${to} is not drawn`)
    phase = to
  }
  return wrong
}

/** Decided once, and turned round at most once: by somebody who undoes it. */
function checkDirection(events: readonly Stamped[]): readonly string[] {
  const decided = events.flatMap((event) => (event.type === 'run.decided' ? [event.direction] : []))
  const isFine = ['', 'do', 'undo', 'do undo'].includes(decided.join(' '))
  return isFine ? [] : [`decided ${decided.join(', ')}`]
}
