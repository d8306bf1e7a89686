import { countHealth, type WatchView } from '../../../events/project-watch.ts'
import { EXIT } from '../../../errors/codes.ts'
import type { WatchRequest } from '../../../engine/watch/watch.ts'
import type { Invocation } from '../../command.ts'
import { printWatch } from '../../follow/print-watch.ts'
import { healthReport, renderHealth } from '../../../view/health/health-lines.ts'

const LOOKING = { mode: 'off', hasOperator: false, endsWithDecision: false, reason: '', incident: '' } as const

/** Runs every check once and prints the results; `--watch` repeats that. Changes nothing. */
export async function runHealth(invocation: Invocation): Promise<number> {
  const { options, output, interruption } = invocation
  const { engine } = await invocation.open()
  const isWatching = options.isSet('watch')
  const until: WatchRequest['until'] = isWatching ? 'stopped' : 'one-round'
  const { view } = await printWatch(engine.watch({ ...LOOKING, until }), invocation, { isQuiet: !isWatching })
  // The stream has already held every result.
  if (output.format !== 'ndjson') await output.answer(healthReport(view), () => renderHealth(view))
  if (!isWatching && interruption.signal.aborted) return interruption.exitCode() ?? EXIT.aborted
  return options.isSet('gate') ? gateCode(view) : EXIT.ok
}

/** The gate is closed while a critical check fails or has no result. */
function gateCode(view: WatchView): number {
  const { critical, failing, unknown } = countHealth(view)
  const analyses = Object.entries(view.analyses)
  const isDryRun = (name: string): boolean => view.analysis.checks.some((one) => one.name === name && one.isDryRun)
  const counting = analyses.filter(([name]) => !isDryRun(name)).map(([, { progress }]) => progress.status)
  if (failing > 0 || counting.includes('failed')) return EXIT.refused
  return unknown > 0 || critical + counting.length === 0 || counting.includes('inconclusive') ? EXIT.partial : EXIT.ok
}
