import { CONDITION_NAMES, conditionFigures } from '../../src/view/health/trigger-text.ts'
import type { ConditionState } from '../../src/domain/health/trigger.ts'
import type { WatchView } from '../../src/events/project-watch.ts'
import { clip, fit, widthOf } from '../format/text.ts'
import { bar } from '../primitives/bar.ts'
import type { Tone } from '../theme/theme.ts'
import { span, type Line } from '../primitives/line.ts'

const TONES: Readonly<Record<ConditionState['result'], Tone>> = { met: 'bad', inconclusive: 'warning', 'not-met': 'ok' }

const NAME_WIDTH = 17
/** Number, name, count, and the gaps. */
const LEFT_WIDTH = 5 + NAME_WIDTH + 1 + 8 + 2
/** Of the bar. */
const LEAST_WIDTH = 4
const MOST_WIDTH = 16

/** How far every trigger is, and what from; a line a condition. Pure. */
export function triggerLines({ rules }: WatchView, width: number): readonly Line[] {
  const longest = Math.max(
    ...rules.flatMap(({ conditions }) => conditions.map((state) => widthOf(conditionFigures(state)))),
    0,
  )
  const barWidth = Math.max(LEAST_WIDTH, Math.min(MOST_WIDTH, width - LEFT_WIDTH - longest))
  return rules.flatMap(({ number, conditions }) =>
    conditions.map((state, index) => conditionLine(state, index === 0 ? String(number) : 'and', width, barWidth)),
  )
}

function conditionLine(state: ConditionState, number: string, width: number, barWidth: number): Line {
  const tone = TONES[state.result]
  const text = clip(conditionFigures(state), Math.max(0, width - LEFT_WIDTH - barWidth))
  return [
    span(` ${fit(number, 4)}`, 'dim'),
    span(`${fit(CONDITION_NAMES[state.kind], NAME_WIDTH)} `),
    span(fit(`${state.done} of ${state.needed}`, 8), tone),
    ...bar(state.done, state.needed, barWidth, tone),
    span('  '),
    span(text, state.result === 'met' ? 'bad' : 'dim'),
  ]
}
