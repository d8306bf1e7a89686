import { shellWord } from '../../../domain/text/shell-word.ts'
import { structuredPatch } from 'diff'
import { sanitize } from '../../../domain/text/sanitize.ts'
import { EXIT } from '../../../errors/codes.ts'
import type { RepairProposal } from '../../../history/repair/propose-repair.ts'
import type { Invocation } from '../../command.ts'
import { confirm } from '../../questions/confirm.ts'
import { renderHeading } from '../../../view/heading.ts'
import type { Line } from '../../../view/text.ts'

export async function runHistoryRepair(invocation: Invocation): Promise<number> {
  const { options, output } = invocation
  const { engine, config } = await invocation.open()
  const proposal = await engine.proposeRepair()
  if (!proposal) {
    // The history cannot be read and nothing can be made from it: the error says why and what to do.
    const { history } = await engine.overview()
    const { length: count } = history.deployments
    await output.answer({ proposal: null, count }, () => [
      { text: `Nothing to repair: ${count} deployments.`, tone: 'ok' },
    ])
    return EXIT.ok
  }
  if (options.isSet('dryRun')) {
    await output.answer(proposal, () => renderProposal(proposal))
    return options.isSet('detailedExitcode') ? EXIT.changesPending : EXIT.ok
  }
  output.note(...renderProposal(proposal))
  await confirm(invocation, 'Replace the file with this? The present file is kept in .bagboy/backups.')
  const { deployments } = await engine.acceptRepair(proposal)
  const document = { proposal: { ...proposal, before: '', after: '' }, count: deployments.length }
  await output.answer(document, () => [
    { text: `Repaired: ${deployments.length} deployments can be read.`, tone: 'ok' },
    'The file as it was is kept in .bagboy/backups.',
    ...(proposal.isConflict
      ? [`Tell git that the conflict is resolved: git add ${shellWord(config.history.file)}`]
      : []),
  ])
  return EXIT.ok
}

/** Lines around each difference. */
const CONTEXT = 2

function renderProposal({ reason, sources, lost, notes, before, after, damaged }: RepairProposal): readonly Line[] {
  const { hunks } = structuredPatch('', '', before, after, undefined, undefined, { context: CONTEXT })
  const records = damaged.map((number) => `  record ${number} of .bagboy/rev is set aside as damaged`)
  return [
    { text: reason, tone: 'bad' },
    `Proposed from ${sources.join(', and ')}:`,
    ...hunks.flatMap(({ newStart, lines }) => [
      ...renderHeading(`from line ${newStart}`),
      ...lines.map(renderDifference),
    ]),
    ...(hunks.length === 0 ? ['  the file stays as it is'] : []),
    ...records,
    ...notes.map((line) => `  ${sanitize(line)}`),
    ...(lost.length === 0 ? [] : [...renderHeading('Not brought back'), ...lost.map((line) => `  ${sanitize(line)}`)]),
    '',
  ]
}

function renderDifference(line: string): Line {
  const text = sanitize(line)
  if (line.startsWith('+')) return { text, tone: 'ok' }
  return line.startsWith('-') ? { text, tone: 'bad' } : { text, tone: 'dim' }
}
