import { HAS_COLOUR } from './force-colour.ts'
import { renderToString } from 'ink'
import { CurrentScreen } from '../../../components/frame/CurrentScreen.tsx'
import { layoutFor } from '../../../components/frame/layout.ts'
import type { Line } from '../../../components/primitives/line.ts'
import { LayoutContext, StoreContext, ThemeContext } from '../../../components/store-context.ts'
import { createTheme } from '../../../components/theme/theme.ts'
import { createAppStore } from '../../../store/app-store.ts'
import { initialState, type AppState } from '../../../store/state.ts'
import { anOverview, NOW } from '../builders/app-builders.ts'

const THEME = createTheme({ isAscii: false, hasColor: HAS_COLOUR })

/** The history has been read, nothing is waited for. */
export function anAppState(parts: Partial<AppState> = {}): AppState {
  const options = { isReadOnly: false, canSavePlan: true, program: 'bagboy-tui' }
  return { ...initialState(options, NOW), busy: null, overview: anOverview(), ...parts }
}

/** What stands between the breadcrumb and the status row, with the tones as {@link toned} marks them. */
export function paint(state: AppState, columns = 100, rows = 30): string {
  return `\n${paintAll(state, columns, rows).split('\n').slice(2, -2).join('\n').trimEnd()}\n`
}

/** The whole screen: header, breadcrumb, content, status row, keys. */
export function paintAll(state: AppState, columns = 100, rows = 30): string {
  const frame = renderToString(
    <StoreContext value={createAppStore(state)}>
      <ThemeContext value={THEME}>
        <LayoutContext value={layoutFor(columns, rows)}>
          <CurrentScreen onSelect={() => undefined} columns={columns} />
        </LayoutContext>
      </ThemeContext>
    </StoreContext>,
    { columns },
  )
  return toned(frame)
}

/** Lines of a pure function as text, with the tones that carry a meaning: `{bad|text}`, `{warning|text}`, `{ok|text}`. */
export function linesText(lines: readonly Line[]): readonly string[] {
  return lines.map((line) => line.map(({ text, tone }) => mark(text, tone)).join(''))
}

const MARKED: ReadonlySet<string> = new Set(['bad', 'warning', 'ok'])

function mark(text: string, tone: string | undefined): string {
  const inner = text.trim()
  if (tone === undefined || !MARKED.has(tone) || inner === '') return text
  return text.replace(inner, () => `{${tone}|${inner}}`)
}

const ESC = '\u001B'
const CODES = new RegExp(`(${ESC}\\[[\\d;]*m)`, 'u')
const TONES: Readonly<Record<string, string>> = { 31: 'bad', 32: 'ok', 33: 'warning', 36: 'info', 37: 'text' }

/** The same of a painted frame; a selected row begins with `»`. */
function toned(frame: string): string {
  if (!frame.includes('\u001B[')) throw new Error('import painted.tsx before everything that draws')
  return frame.split('\n').map(tonedRow).join('\n')
}

function tonedRow(row: string): string {
  let tone: string | undefined
  const parts = row.split(CODES).map((part) => {
    const code = CODES.exec(part)?.[0].slice(2, -1)
    if (code === undefined) return mark(part, tone)
    if (code in TONES || code === '39') tone = TONES[code]
    return code === '7' ? '»' : ''
  })
  return parts.join('').trimEnd()
}
