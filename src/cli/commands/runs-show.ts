import { EXIT } from '../../errors/codes.ts'
import { projectRun, type RunView } from '../../events/project-run.ts'
import type { Stamped } from '../../events/events.ts'
import type { Invocation } from '../command.ts'
import { pickRun } from '../pick-run.ts'
import { renderEvent } from '../render/event-line.ts'
import { renderHeading } from '../render/heading.ts'
import { renderRun } from '../render/run-lines.ts'
import { runReport } from '../render/run-report.ts'
import type { Line } from '../render/text.ts'

export async function runRunsShow(invocation: Invocation): Promise<number> {
  const { args, output } = invocation
  const { engine } = await invocation.open()
  const { id } = await pickRun(engine, args[0], 'any')
  const { view, events } = await engine.readRun(id)
  const document = output.format === 'ndjson' ? events : runReport(view, view.exitCode)
  await output.answer(document, () => [...renderRun(view), ...renderTimeline(events)])
  return EXIT.ok
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
