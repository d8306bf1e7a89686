import { sanitize } from '../../../domain/text/sanitize.ts'
import { packageWords } from '../../../domain/package-selector.ts'
import { EXIT } from '../../../errors/codes.ts'
import { unknownName } from '../../../errors/unknown-name.ts'
import type { RunView } from '../../../events/project-run.ts'
import { createCliApprover } from '../../questions/approver.ts'
import type { Invocation } from '../../command.ts'
import { confirm } from '../../questions/confirm.ts'
import { followRun } from '../../follow/follow-run.ts'
import { pickRun } from '../../requests/pick-run.ts'
import { renderForeign } from '../../../view/run/origin-lines.ts'
import { takeoverMode } from '../../questions/takeover.ts'
import type { Engine } from '../../../engine/engine.ts'
import { renderRecovery } from '../../../view/run/recovery-lines.ts'
import { waitForManualSteps } from '../../questions/wait-for-manual-steps.ts'

export async function runRunsResume(invocation: Invocation): Promise<number> {
  const { args, output, options, interruption } = invocation
  const mode = takeoverMode(invocation)
  const { engine } = await invocation.open()
  const { id, origin } = await pickRun(engine, args[0], 'open')
  if (origin.kind === 'foreign') output.note(...renderForeign(await engine.readRun(id)))
  // No request is sent to the registries that a foreign run names.
  const view =
    mode === 'takeover' && origin.kind === 'foreign'
      ? (await engine.readRun(id)).view
      : await showRecovery(engine, id, invocation)
  const only = stepsMeant(view, options.list('only'))
  await confirm(invocation, `Resume run ${id}?`)
  let seenSeq = view.lastSeq
  for (;;) {
    const handle = engine.resume(id, createCliApprover(invocation), {
      ...(only ? { only } : {}),
      ...(mode === 'takeover' ? { takeoverReason: options.text('reason').trim() } : {}),
    })
    const exitCode = await followRun(handle, invocation, seenSeq)
    if (exitCode !== EXIT.manualOutstanding || !options.isSet('wait')) return exitCode
    const { isDone, lastSeq } = await waitForManualSteps(engine, id, invocation)
    if (!isDone) return interruption.exitCode() ?? exitCode
    seenSeq = lastSeq
  }
}

/** Prints what the registries serve now and what a resume would do. @throws RUN_FOREIGN */
async function showRecovery(engine: Engine, id: string, { output, interruption }: Invocation): Promise<RunView> {
  const report = await engine.recovery(id, interruption.signal)
  output.note(...renderRecovery(report, 'resume'))
  return report.view
}

/** Words as `rollback --only` takes them. @throws USAGE for one that means none */
function stepsMeant({ steps }: RunView, words: readonly string[]): readonly string[] | undefined {
  if (words.length === 0) return undefined
  const refs = steps.map(({ plan }) => plan.package)
  return words.flatMap((word) => {
    const meant = steps.filter(({ plan }) => packageWords(plan.package).includes(word))
    if (meant.length > 0) return meant.map(({ id }) => id)
    throw unknownName({
      code: 'USAGE',
      message: `--only ${sanitize(word, 200)} names no step of this run.`,
      word,
      known: refs.flatMap(packageWords),
      knownAs: 'Steps of this run',
    })
  })
}
