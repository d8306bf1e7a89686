import type { LockInfo } from '../../engine/engine.ts'
import type { Line } from './text.ts'

/** Who holds the lock, where, why and since when. Pure. */
export function renderLock({ state, epoch, who, host, pid, run, purpose, since, lastBeat }: LockInfo): readonly Line[] {
  if (state === 'free') return [{ text: `Free (epoch ${epoch}).`, tone: 'ok' }]
  const gone = state === 'dead' ? ', but that process is gone: the next run takes it over' : ''
  return [
    { text: `Held by ${who} on ${host}, process ${pid}${gone}.`, tone: 'careful' },
    `  for        ${purpose}${run === '' ? '' : `, run ${run}`}`,
    `  since      ${since}`,
    `  last beat  ${lastBeat}`,
    `  epoch      ${epoch}`,
  ]
}
