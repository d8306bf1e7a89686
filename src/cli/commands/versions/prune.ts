import type { PruneRow } from '../../../domain/prune.ts'
import type { PrunePlan } from '../../../engine/engine.ts'
import { EXIT } from '../../../errors/codes.ts'
import type { Invocation } from '../../command.ts'
import { confirm } from '../../questions/confirm.ts'
import { renderTable } from '../../../view/table.ts'
import type { Line, Span, Tone } from '../../../view/text.ts'

export async function runVersionsPrune(invocation: Invocation): Promise<number> {
  const { options, output } = invocation
  const asked = options.count('keep')
  const { engine, config } = await invocation.open()
  const request = { keep: asked ?? config.history.keep, ids: null }
  const plan = await engine.planPrune(request)
  const count = plan.rows.filter(({ verdict }) => verdict === 'prune').length
  if (options.isSet('dryRun') || count === 0) {
    await output.answer(plan, () => renderPrune(plan, 'would go'))
    return EXIT.ok
  }
  if (!options.isSet('yes')) output.note(...renderPrune(plan, 'would go'))
  await confirm(invocation, `Move ${count} entries to ${plan.archiveFile}?`)
  const pruned = await engine.prune(request)
  await output.answer(pruned, () => renderPrune(pruned, 'moved'))
  return EXIT.ok
}

const TONES = { prune: 'warning', keep: 'dim', protected: 'ok' } as const satisfies Record<PruneRow['verdict'], Tone>
const COLUMNS = [{ title: 'ID', align: 'right' }, { title: 'VERSION' }, { title: 'VERDICT' }, { title: 'WHY' }] as const

/** Which entries move, which stay and why, and which versions are no longer targets afterwards. */
function renderPrune({ rows, archiveFile, lostVersions }: PrunePlan, verb: string): readonly Line[] {
  const gone = rows.filter(({ verdict }) => verdict === 'prune')
  if (gone.length === 0) return [`Nothing to prune: all ${rows.length} entries stay.`]
  const cells = rows.map(({ deployment, verdict, reason }): readonly Span[] => [
    `@${deployment.id}`,
    deployment.version,
    { text: verdict, tone: TONES[verdict] },
    reason,
  ])
  return [
    ...renderTable(COLUMNS, cells),
    '',
    `${gone.length} of ${rows.length} ${verb} to ${archiveFile}. Bring one back with: bagboy-tui versions restore VERSION`,
    ...(lostVersions.length === 0
      ? []
      : [{ text: `A rollback to ${lostVersions.join(', ')} is not possible afterwards.`, tone: 'warning' } as const]),
  ]
}
