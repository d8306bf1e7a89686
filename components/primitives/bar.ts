import type { Tone } from '../theme/theme.ts'
import { span, type Line } from './line.ts'

/** `━━━━────`: done of total, in whole cells; full only when everything is done. Pure. */
export function bar(done: number, total: number, width: number, tone: Tone): Line {
  const share = total <= 0 ? 0 : Math.min(1, done / total)
  const filled = share === 1 ? width : Math.min(width - 1, Math.floor(share * width))
  return [span('━'.repeat(Math.max(0, filled)), tone), span('─'.repeat(Math.max(0, width - filled)), 'dim')]
}
