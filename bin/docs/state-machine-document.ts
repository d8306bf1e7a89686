import { STEP_STATUSES } from '../../src/machine/step-status.ts'
import { RESUMED, TRANSITIONS } from '../../src/machine/transitions.ts'
import { markdownDocument, markdownTable } from './markdown.ts'

/** The table of phases as a drawing and as a table. */
export function stateMachineDocument(): string {
  const arrows = Object.entries(TRANSITIONS).flatMap(([from, signals]) =>
    Object.entries(signals).map(([signal, to]) => ({ from, signal, to })),
  )
  const drawing = [
    '```mermaid',
    'stateDiagram-v2',
    '  [*] --> deployed',
    `  [*] --> ${RESUMED}: an open run is resumed`,
    ...arrows.map(({ from, signal, to }) => `  ${from} --> ${to}: ${signal}`),
    '```',
  ].join('\n')
  const rows = Object.entries(TRANSITIONS).map(([phase, signals]) => [
    `\`${phase}\``,
    Object.entries(signals)
      .map(([signal, to]) => `${signal} → \`${to}\``)
      .join('<br>'),
  ])
  return markdownDocument('State machine', 'src/machine', [
    'The engine checks this table before every change of phase, and the app uses it to decide which keys work. The engine\ncannot take an arrow that is not in the table.',
    drawing,
    '## Phases',
    markdownTable(['Phase', 'Signal → next phase'], rows),
    '## A step',
    'Progress within a run is data, not a phase. The status of a step is one of:',
    STEP_STATUSES.map((status) => `\`${status}\``).join(', '),
  ])
}
