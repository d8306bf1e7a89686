import { isTakenBack } from '../../events/run-ending.ts'
import type { RunView } from '../../events/project-run.ts'
import type { Badge } from '../badges.ts'

/** How a run ended: the word, and what that says of the registries. */
export interface RunEnding extends Badge {
  readonly text: string
}

const ENDINGS = {
  complete: { glyph: '✓', word: 'Complete', text: 'every registry was read back', tone: 'ok' },
  partial: { glyph: '▲', word: 'Partial', text: 'some registries are not done', tone: 'bad' },
  failed: { glyph: '✗', word: 'Failed', text: '', tone: 'bad' },
  aborted: { glyph: '▲', word: 'Stopped', text: 'nothing was undone', tone: 'warning' },
  undone: { glyph: '↺', word: 'Undone', text: 'every pointer is back where it was', tone: 'ok' },
  manual: { glyph: '▲', word: 'Manual steps are left', text: '', tone: 'warning' },
  open: { glyph: '▲', word: 'Open', text: '', tone: 'warning' },
} as const satisfies Record<string, RunEnding>

/** Of a run that went back. */
const BACK_ENDINGS: Readonly<Partial<Record<keyof typeof ENDINGS, RunEnding>>> = {
  partial: { ...ENDINGS.partial, word: 'Taken back in part', text: 'some registries are not back' },
  manual: { ...ENDINGS.manual, word: 'Manual steps are left to go back' },
}

/** A run that was asked to go forward and went back is not green, however well it went back. */
const TAKEN_BACK: RunEnding = { glyph: '↺', word: 'Taken back after a failure', text: '', tone: 'bad' }

/** How a run ended, or that it is open. Pure. */
export function runEnding(view: Pick<RunView, 'result' | 'exitCode' | 'direction'>): RunEnding {
  if (isTakenBack(view)) return TAKEN_BACK
  const result = view.result ?? 'open'
  return (view.direction === 'undo' ? BACK_ENDINGS[result] : undefined) ?? ENDINGS[result]
}
