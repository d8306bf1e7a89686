import type { RunSummary } from '../../../engine/engine.ts'
import { EXIT } from '../../../errors/codes.ts'
import type { Invocation } from '../../command.ts'
import { renderTable } from '../../../view/table.ts'
import type { Line, Span } from '../../../view/text.ts'

export async function runRunsList(invocation: Invocation): Promise<number> {
  const { options, output } = invocation
  const { engine } = await invocation.open()
  const allEnvironments = options.isSet('allEnvironments')
  const all = await engine.runs({ allEnvironments })
  const runs = options.isSet('open') ? all.filter(({ isOpen }) => isOpen) : all
  await output.answer(output.format === 'ndjson' ? runs : { runs }, () => renderRuns(runs, allEnvironments))
  return EXIT.ok
}

const COLUMNS = [
  { title: 'RUN' },
  { title: 'KIND' },
  { title: 'FROM' },
  { title: 'TO' },
  { title: 'STARTED' },
  { title: 'STEPS', align: 'right' },
  { title: 'RESULT' },
  { title: 'BY' },
] as const

function renderRuns(runs: readonly RunSummary[], isAll: boolean): readonly Line[] {
  if (runs.length === 0) return ['No run.']
  if (!isAll) return renderTable(COLUMNS, runs.map(cells))
  const [run, ...rest] = COLUMNS
  const rows = runs.map((one): readonly Span[] => {
    const [id = one.id, ...others] = cells(one)
    return [id, one.environment, ...others]
  })
  return renderTable([run, { title: 'ENVIRONMENT' }, ...rest], rows)
}

function cells(run: RunSummary): readonly Span[] {
  const isGreen = run.result === 'complete' || run.result === 'undone'
  return [
    run.id,
    run.kind,
    run.from,
    run.to,
    run.startedAt,
    `${run.doneCount}/${run.stepCount}`,
    { text: resultWord(run), tone: run.isOpen || run.origin.kind === 'foreign' ? 'warning' : isGreen ? 'ok' : 'bad' },
    byWhom(run),
  ]
}

function resultWord({ isOpen, result, undoneBy }: RunSummary): string {
  if (isOpen) return result === null ? 'open' : `open, ${result}`
  return undoneBy === null ? (result ?? '') : `${result}, undone by ${undoneBy}`
}

/** The owner of a run, as its signatures prove. Nothing proves what a foreign run says. */
function byWhom({ origin, damage }: RunSummary): Span {
  if (damage !== '') return { text: 'damaged', tone: 'bad' }
  if (origin.kind === 'own') return 'you'
  if (origin.kind === 'colleague') return origin.name === '' ? `key ${origin.key}` : origin.name
  return { text: origin.reason === 'not-signed' ? 'foreign, not signed' : 'foreign', tone: 'warning' }
}
