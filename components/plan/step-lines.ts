import { plural } from '../../src/view/plural.ts'
import type { Action, PlanStep } from '../../src/domain/plan.ts'
import { pointerText, registryLabel } from '../format/names.ts'
import { clip, wrap } from '../format/text.ts'
import { diffLine, labelled } from '../primitives/columns-line.ts'
import { sideBySide } from '../compare/text-diff.ts'
import { plain, span, type Line } from '../primitives/line.ts'

const LABEL = 17
const EMPTY: Line = []

/** The effect matrix of one step: its user impact, how soon, and whether it can be taken back. Pure. */
export function effectLines(step: PlanStep, width: number): readonly Line[] {
  const text = (value: string): readonly string[] => wrap(value, width - LABEL - 1)
  const isOneWay = step.reversibility === 'one-way'
  return [
    ...labelled('New installs', text(step.effect.newInstalls), LABEL),
    ...labelled('Existing users', text(step.effect.existingUsers), LABEL),
    ...labelled('Time to effect', text(step.effect.timeToEffect), LABEL),
    ...labelled(
      'Can be undone',
      text(
        isOneWay ? '▲ no, this is one-way' : `yes, ${plural(step.undo.length, 'action puts', 'actions put')} it back`,
      ),
      LABEL,
      isOneWay ? 'warning' : 'text',
    ),
  ]
}

/** A whole page of the walk-through: what changes first, what it means to people after it. Pure. */
export function stepLines(step: PlanStep, all: readonly PlanStep[], width: number): readonly Line[] {
  return [
    ...wrap(step.title, width - 2).map((text) => plain(` ${text}`, 'strong')),
    ...(step.deferred === ''
      ? []
      : wrap(`▲ decided by the run itself: ${step.deferred}`, width - 2).map((text) => plain(` ${text}`, 'warning'))),
    EMPTY,
    ...beforeAfter(step, width),
    heading('What will be written, then read back'),
    ...step.actions.flatMap((action) => actionLines(action, width)),
    ...(step.actions.length === 0 ? [plain('   nothing yet: the run reads first', 'dim')] : []),
    EMPTY,
    ...labelled('When', wrap(whenText(step, all), width - LABEL - 1), LABEL),
    ...effectLines(step, width),
    EMPTY,
    heading('The same as commands'),
    ...step.manual.flatMap((command) => wrap(command, width - 4).map((text) => plain(`   ${text}`))),
    ...(step.manual.length === 0 ? [plain('   no command does the same', 'dim')] : []),
  ]
}

/** Where it stands in the order of the run; steps of one group run side by side. Pure. */
export function whenText(step: PlanStep, all: readonly PlanStep[]): string {
  const packages = all.map((one) => one.package)
  const names = (some: readonly PlanStep[]): string =>
    some.map((one) => registryLabel(one.package, packages)).join(', ')
  const earlier = all.filter(({ group }) => group < step.group)
  const beside = all.filter(({ group, id }) => group === step.group && id !== step.id)
  const start = earlier.length === 0 ? 'first' : `after ${names(earlier)}`
  return beside.length === 0 ? start : `${start}, at the same time as ${names(beside)}`
}

function beforeAfter(step: PlanStep, width: number): readonly Line[] {
  const { before, after } = step.preview
  const rows =
    before === '' && after === ''
      ? [{ left: pointerText(step.before), right: pointerText(step.want), mark: '~' } as const]
      : sideBySide(before, after)
  const half = Math.floor((width - 5) / 2)
  return [
    [span(' '), span('now'.padEnd(half), 'dim'), span(' │ ', 'dim'), span('afterwards', 'dim')],
    ...rows.map((row) => diffLine(row, width)),
    EMPTY,
  ]
}

const heading = (text: string): Line => plain(` ${text}`, 'dim')

function actionLines(action: Action, width: number): readonly Line[] {
  const text = clip(actionText(action), width - 5)
  return [[span('   '), span('· ', 'dim'), span(action.title)], ...(text === '' ? [] : [plain(`     ${text}`, 'dim')])]
}

function actionText(action: Action): string {
  return action.kind === 'http' ? `${action.method} ${action.url}` : ''
}
