import { EXIT } from '../../errors/codes.ts'
import { projectRun, type RunView } from '../../events/project-run.ts'
import type { Stamped } from '../../events/events.ts'
import type { Invocation } from '../command.ts'
import { pickRun } from '../pick-run.ts'
import { renderEvent } from '../render/event-line.ts'
import { renderHeading } from '../render/heading.ts'
import { renderForeign, renderOrigin } from '../render/origin-lines.ts'
import { renderRun } from '../render/run-lines.ts'
import { runReport } from '../render/run-report.ts'
import type { Line } from '../render/text.ts'

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
  return run === null ? [] : [{ text: `Undone by run ${run}.`, tone: 'careful' }]
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
