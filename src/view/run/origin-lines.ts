import type { ReadRun } from '../../engine/engine.ts'
import { textOf } from '../../operation/operation-parts.ts'
import { originText } from '../../journal/run-origin.ts'
import { renderHeading } from '../heading.ts'
import { renderTable } from '../table.ts'
import type { Line } from '../text.ts'

const COLUMNS = [{ title: 'STEP' }, { title: 'IT SAYS', maxWidth: 20 }, { title: 'IT WOULD', maxWidth: 60 }] as const

/** The author of a run, as its signatures prove. Pure. */
export function renderOrigin({ origin }: Pick<ReadRun, 'origin'>): Line {
  const text = originText(origin)
  if (origin.kind !== 'foreign') return [{ text: 'Written by: ', tone: 'dim' }, text]
  return { text: `Not proved to be yours: ${text}.`, tone: 'bad' }
}

/** A foreign run: what it says of itself and would do. Its commands are not shown, because nothing proves who wrote them. Pure. */
export function renderForeign({ view, origin }: ReadRun): readonly Line[] {
  const { plan, actor, startedAt, steps } = view
  const who = `${textOf(actor, 'user')} on ${textOf(actor, 'host')}`
  return [
    renderOrigin({ origin }),
    `It says that it is a ${plan.kind} of ${plan.app} from ${plan.from} to ${plan.to}, started ${startedAt} by ${who}.`,
    ...renderHeading('Steps', 'as it says'),
    ...renderTable(
      COLUMNS,
      steps.map(({ id, status, plan: step }) => [id, status, step.title]),
    ),
    '',
  ]
}
