import { clockTime } from '../../src/view/time.ts'
import { fit, widthOf } from '../format/text.ts'
import { span, type Line } from '../primitives/line.ts'
import type { LogLine } from '../../store/run/run-state.ts'

/** Of the column with the registries; most of their names are no longer than the shorter one. */
const [LEAST, MOST] = [6, 18]

/** The newest lines of a log that fit; the newest is at the bottom. Only a run has a column with the registries. Pure. */
export function logLines(log: readonly LogLine[], height: number, hasRegistries = true): readonly Line[] {
  const labels = labelsOf(log)
  const width = Math.min(MOST, Math.max(LEAST, ...[...labels.values()].map(widthOf)))
  return log
    .slice(-Math.max(0, height))
    .map(({ at, step, text, tone }) => [
      span(` ${clockTime(at)}  `, 'dim'),
      ...(hasRegistries ? [span(fit(labels.get(step) ?? '', width), 'dim'), span('  ')] : []),
      span(text, tone === 'dim' ? 'text' : tone),
    ])
}

/** The format alone where no other package of the run has it. */
function labelsOf(log: readonly LogLine[]): ReadonlyMap<string, string> {
  const steps = [...new Set(log.map(({ step }) => step))]
  const formatOf = (step: string): string => step.slice(0, Math.max(0, step.indexOf(':')))
  return new Map(
    steps.map((step) => {
      const isAlone = steps.filter((other) => formatOf(other) === formatOf(step)).length === 1
      return [step, isAlone ? formatOf(step) : step.slice(0, Math.max(0, step.lastIndexOf('@')))]
    }),
  )
}
