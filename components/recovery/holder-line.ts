import type { LockInfo } from '../../src/engine/engine.ts'
import { age, clockTime } from '../../src/view/time.ts'
import { span, type Line } from '../primitives/line.ts'

/** Who is at the run that is watched, since when, and when it last gave a sign of life. Pure. */
export function holderLine(holder: LockInfo, now: string): Line {
  const { who, host, since, lastBeat, state } = holder
  if (state === 'silent') {
    return [
      span(` ▲ ${who} on ${host} gives no sign of life since ${clockTime(lastBeat)}.`, 'warning'),
      span(' If it does not go on, '),
      span('T', 'warning'),
      span(' takes it over.'),
    ]
  }
  return [
    span(` ${who} on ${host} runs it since ${clockTime(since)}`, 'strong'),
    span(`, alive ${age(lastBeat, now)} ago. You watch: leaving does not stop it.`, 'dim'),
  ]
}
