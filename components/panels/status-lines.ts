import type { ErrorReport } from '../../src/errors/bagboy-error.ts'
import { allDeployments, visibleDeployments } from '../../store/selectors.ts'
import type { AppState } from '../../store/state.ts'
import { wrap } from '../format/text.ts'
import { plain, span, type Line } from '../primitives/TextLine.tsx'

const MOST_ROWS = 4

/** The rows above the keys: an error with its remedy, a message, the filter, or the command that does the same. Pure. */
export function statusLines(state: AppState, width: number): readonly Line[] {
  if (state.error) return errorLines(state.error, width)
  if (state.filter.isOpen) return [filterLine(state)]
  if (state.dialog) return [plain(dialogHint(state), 'dim')]
  if (state.help) return [plain(' type to search   ↓ ↑ scroll   esc close', 'dim')]
  if (state.flash) return [[span(` ${GLYPH[state.flash.tone]} `, state.flash.tone), span(state.flash.text)]]
  return [state.command === '' ? [] : [span(' same by command line  ', 'dim'), span(state.command, 'dim')]]
}

const GLYPH = { ok: '✓', bad: '✗', careful: '▲', info: '·' } as const

function errorLines({ code, message, hint }: ErrorReport, width: number): readonly Line[] {
  const lines = [
    ...wrap(`${message} (${code})`, width - 4).map((text, index): Line => [span(index === 0 ? ' ✗ ' : '   ', 'bad'), span(text, 'bad')]),
    ...(hint === null ? [] : wrap(hint, width - 4).map((text): Line => [span('   '), span(text, 'info')])),
  ]
  return lines.slice(0, MOST_ROWS)
}

function filterLine(state: AppState): Line {
  return [
    span(' /', 'accent'),
    span(state.filter.text),
    span('▏', 'accent'),
    span(`   ${visibleDeployments(state).length} of ${allDeployments(state).length}`, 'dim'),
    span('   state: health: format: commit: is:held', 'dim'),
  ]
}

function dialogHint({ dialog, flash }: AppState): string {
  if (flash) return ` ${GLYPH[flash.tone]} ${flash.text}`
  switch (dialog?.kind) {
    case 'confirm':
      return ' tab next field   enter press button   esc cancel   enter waits 0.5 s after a key'
    case 'findings':
      return ' j k move   space override   enter close   esc leave everything as it was'
    case 'menu':
      return ' j k move   enter or digit choose   esc close'
    case 'choice':
      return ' j k move   enter choose   esc go back'
    case 'secret':
      return ' enter send   esc go on without'
    case 'text':
    case undefined:
      return ' j k scroll   esc close'
  }
}
