import type { ConditionState } from '../../src/domain/health/trigger.ts'
import type { WatchView } from '../../src/events/project-watch.ts'
import { clip, fit, widthOf } from '../format/text.ts'
import { plural } from '../../src/view/plural.ts'
import { bar } from '../primitives/bar.ts'
import type { Tone } from '../theme/theme.ts'
import { span, type Line } from '../primitives/line.ts'

const NAMES: Readonly<Record<ConditionState['kind'], string>> = {
  health_check_failures: 'failures in a row',
  error_rate_threshold: 'error rate',
  response_time_threshold: 'response time p95',
  analysis: 'analysis failed',
}

const TONES: Readonly<Record<ConditionState['result'], Tone>> = { met: 'bad', inconclusive: 'warning', 'not-met': 'ok' }

const NAME_WIDTH = 17
/** Number, name, count, and the gaps. */
const LEFT_WIDTH = 4 + NAME_WIDTH + 1 + 8 + 2
/** Of the bar. */
const LEAST_WIDTH = 4
const MOST_WIDTH = 16

/** How far every trigger is, and what from; a line a condition. Pure. */
export function triggerLines({ rules }: WatchView, width: number): readonly Line[] {
  const longest = Math.max(...rules.flatMap(({ conditions }) => conditions.map((state) => widthOf(figures(state)))), 0)
  const barWidth = Math.max(LEAST_WIDTH, Math.min(MOST_WIDTH, width - LEFT_WIDTH - longest))
  return rules.flatMap(({ number, conditions }) =>
    conditions.map((state, index) => conditionLine(state, index === 0 ? String(number) : 'and', width, barWidth)),
  )
}

function conditionLine(state: ConditionState, number: string, width: number, barWidth: number): Line {
  const tone = TONES[state.result]
  const text = clip(figures(state), Math.max(0, width - LEFT_WIDTH - barWidth))
  return [
    span(` ${fit(number, 3)}`, 'dim'),
    span(`${fit(NAMES[state.kind], NAME_WIDTH)} `),
    span(fit(`${state.done} of ${state.needed}`, 8), tone),
    ...bar(state.done, state.needed, barWidth, tone),
    span('  '),
    span(text, state.result === 'met' ? 'bad' : 'dim'),
  ]
}

/** `7.2% > 5% from prom (n=4210), http-errors`; of probes, that they are no users. Pure. */
export function figures(state: ConditionState): string {
  const { kind, check, source, samples, note } = state
  const count = samples === null ? '' : `n=${samples}`
  const from =
    source === 'probes'
      ? `(${['probes', count].filter((part) => part !== '').join(' ')}, not users)`
      : `from ${source}${count === '' ? '' : ` (${count})`}`
  const parts = kind === 'health_check_failures' ? [limitText(state)] : [limitText(state), source === '' ? '' : from]
  return [parts.filter((part) => part !== '').join(' '), check, note].filter((part) => part !== '').join(', ')
}

/** The value against its limit, with the comparison that holds; where none can be said, both without one. */
function limitText({ kind, value, comparison, threshold, done, needed, result }: ConditionState): string {
  if (kind === 'health_check_failures') return `fires at ${needed}`
  if (kind === 'analysis') {
    return `${plural(done, 'failure')}, limit ${threshold}${value === '' ? '' : `, last ${value}`}`
  }
  if (value === '') return ''
  if (result === 'inconclusive') return `${value}, limit ${threshold}`
  const isOver = done > 0
  return `${value} ${isOver ? comparison : comparison === '>' ? '≤' : '<'} ${threshold}`
}
