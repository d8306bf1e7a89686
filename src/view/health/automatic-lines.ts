import type { Config } from '../../config/config.ts'
import { durationText } from '../../domain/text/duration.ts'
import { worstCaseMs } from '../../health/decide/worst-case.ts'
import type { Line } from '../text.ts'

/** How long a bad release may be live at worst before it is rolled back automatically. Pure. */
export function renderAutomatic({ triggers, checks, analysis, auto }: Config['health']): readonly Line[] {
  return triggers.map(({ number, conditions }): Line => {
    const what = conditions.map(({ kind }) => kind).join(' and ')
    const ms = worstCaseMs({ number, conditions }, { checks, analysis })
    if (ms === undefined)
      return { text: `Trigger ${number} (${what}) can never be met: no check measures it.`, tone: 'warning' }
    const countdown = auto.countdownMs === 0 ? '' : `, and ${durationText(auto.countdownMs)} of countdown on a terminal`
    return {
      text: `Trigger ${number} (${what}) is met at most ${durationText(ms)} after the release went bad${countdown}.`,
      tone: 'dim',
    }
  })
}
