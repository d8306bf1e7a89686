import { EXIT } from '../../../errors/codes.ts'
import { projectRun, type RunView } from '../../../events/project-run.ts'
import type { Stamped } from '../../../events/events.ts'
import type { Invocation } from '../../command.ts'
import { pickRun } from '../../requests/pick-run.ts'
import { renderEvent } from '../../../view/run/event-line.ts'
import { renderHeading } from '../../../view/heading.ts'
import { renderForeign, renderOrigin } from '../../../view/run/origin-lines.ts'
import { renderRun } from '../../../view/run/run-lines.ts'
import { runReport } from '../../../view/run/run-report.ts'
import type { Line } from '../../../view/text.ts'

export async function runRunsShow(invocation: Invocation): Promise<number> {
  const { args, output } = invocation
  const { engine } = await invocation.open()
  const { id, undoneBy } = await pickRun(engine, args[0], 'any')
  const read = await engine.readRun(id)
  const { view, events, origin } = read
  const document = output.format === 'ndjson' ? events : { ...runReport(view, view.exitCode), origin, undoneBy }
  const lines = () =>
    origin.kind === 'foreign'
      ? renderForeign(read)
      : [...renderRun(view), '', renderOrigin(read), ...renderUndoneBy(undoneBy), ...renderTimeline(events)]
  await output.answer(document, lines)
  return EXIT.ok
}

function renderUndoneBy(run: string | null): readonly Line[] {
  return run === null ? [] : [{ text: `Undone by run ${run}.`, tone: 'warning' }]
}

function renderTimeline(events: readonly Stamped[]): readonly Line[] {
  const lines: Line[] = []
  let view: RunView | undefined
  for (const event of events) {
    view = projectRun(view, event)
    const line = view && renderEvent(event, view)
    if (line !== undefined) lines.push(line)
  }
  return [...renderHeading('Timeline'), ...lines]
}
