import { EXIT } from '../../errors/codes.ts'
import { projectRun, type RunView } from '../../events/project-run.ts'
import type { Stamped } from '../../events/events.ts'
import { OUTPUT_OPTION, type CommandSpec } from '../command.ts'
import { pickRun } from '../pick-run.ts'
import { renderEvent } from '../render/event-line.ts'
import { renderHeading } from '../render/heading.ts'
import { renderRun } from '../render/run-lines.ts'
import { runReport } from '../render/run-report.ts'
import type { Line } from '../render/text.ts'

export const runsShowCommand: CommandSpec = {
  name: 'runs show',
  args: [['[RUN]', 'its id, or the beginning of it; default: the open one, else the newest']],
  summary: 'What a run did, from its journal',
  options: [OUTPUT_OPTION],
  examples: ['runs show', 'runs show 01JK8Q4Z -o json', 'runs show 01JK8Q4Z -o ndjson'],
  async run(invocation) {
    const { args, output } = invocation
    const { engine } = await invocation.open()
    const { id } = await pickRun(engine, args[0], 'any')
    const { view, events } = await engine.readRun(id)
    const document = output.format === 'ndjson' ? events : runReport(view, view.exitCode)
    await output.answer(document, () => [...renderRun(view), ...renderTimeline(events)])
    return EXIT.ok
  },
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
