import type { LogLine } from '../../store/state.ts'
import { clockTime } from '../format/time.ts'
import { fit } from '../format/text.ts'
import { span, type Line } from '../primitives/TextLine.tsx'

/** The newest lines of a run's log that fit; the newest is at the bottom. Pure. */
export function logLines(log: readonly LogLine[], height: number, filter = ''): readonly Line[] {
  const wanted = filter === '' ? log : log.filter(({ step }) => step === filter)
  return wanted
    .slice(-Math.max(0, height))
    .map(({ at, step, text, tone }) => [
      span(` ${clockTime(at)}  `, 'dim'),
      ...(filter === '' ? [span(fit(step.slice(0, Math.max(0, step.lastIndexOf('@'))), 18), 'dim'), span('  ')] : []),
      span(text, tone === 'dim' ? 'text' : tone),
    ])
}
