import type { IBufferCell, Terminal } from '@xterm/headless'

/** Of a cell, in the units of the picture. */
const [WIDTH, HEIGHT] = [8.4, 18]
const MARGIN = 8
const [FOREGROUND, BACKGROUND] = ['#d6d9de', '#15171c']
/** The sixteen colours of a terminal, as a dark palette shows them. */
const PALETTE =
  '#3b4048 #e5686d #8fc16b #e2b65a #6aa5e8 #c586d9 #56b6c2 #c8ccd4 #5c6370 #ff7b80 #a5d97f #f5cb73 #83bbfa #d99bef #6fd0dc #ffffff'.split(
    ' ',
  )

interface Style {
  readonly fill: string
  /** `undefined`: the picture's own. */
  readonly background: string | undefined
  readonly isBold: boolean
  readonly isDim: boolean
}

interface Run {
  readonly column: number
  readonly text: string
  readonly style: Style
}

/** What the emulator shows, as a picture of text: one element for each run of cells that look alike. */
export function renderSvg(terminal: Terminal): string {
  const rows = Array.from({ length: terminal.rows }, (_, row) => runsOf(terminal, row))
  const width = round(terminal.cols * WIDTH + 2 * MARGIN)
  const height = terminal.rows * HEIGHT + 2 * MARGIN
  const body = rows.flatMap((runs, row) => runs.flatMap((run) => elementsOf(run, row)))
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" xml:space="preserve" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">`,
    `<style>text{font:14px ui-monospace,Menlo,Consolas,"DejaVu Sans Mono",monospace}`,
    '.b{font-weight:700}.d{opacity:.62}</style>',
    `<rect width="${width}" height="${height}" rx="6" fill="${BACKGROUND}"/>`,
    // An attribute, because a rule of the style would win over the colour of a text.
    `<g fill="${FOREGROUND}">`,
    ...body,
    '</g></svg>',
    '',
  ].join('\n')
}

function runsOf(terminal: Terminal, row: number): readonly Run[] {
  const line = terminal.buffer.active.getLine(terminal.buffer.active.viewportY + row)
  const runs: Run[] = []
  for (let column = 0; column < terminal.cols; column += 1) {
    const cell = line?.getCell(column)
    if (!cell || cell.getWidth() === 0) continue
    const style = styleOf(cell)
    const text = cell.getChars() === '' ? ' ' : cell.getChars()
    const last = runs.at(-1)
    if (last && sameStyle(last.style, style)) runs[runs.length - 1] = { ...last, text: last.text + text }
    else runs.push({ column, text, style })
  }
  return runs
}

function styleOf(cell: IBufferCell): Style {
  const foreground = cell.isFgPalette() ? (PALETTE[cell.getFgColor()] ?? FOREGROUND) : FOREGROUND
  const background = cell.isBgPalette() ? PALETTE[cell.getBgColor()] : undefined
  const [isBold, isDim] = [cell.isBold() !== 0, cell.isDim() !== 0]
  return cell.isInverse() === 0
    ? { fill: foreground, background, isBold, isDim }
    : { fill: background ?? BACKGROUND, background: foreground, isBold, isDim }
}

function sameStyle(a: Style, b: Style): boolean {
  return a.fill === b.fill && a.background === b.background && a.isBold === b.isBold && a.isDim === b.isDim
}

function elementsOf(run: Run, row: number): readonly string[] {
  const { column, text, style } = run.style.background === undefined ? trimmed(run) : run
  const [x, y] = [round(MARGIN + column * WIDTH), MARGIN + row * HEIGHT]
  const length = round(text.length * WIDTH)
  const block =
    style.background === undefined
      ? []
      : [`<rect x="${x}" y="${y}" width="${length}" height="${HEIGHT}" fill="${style.background}"/>`]
  if (text.trim() === '') return block
  const names = [...(style.isBold ? ['b'] : []), ...(style.isDim ? ['d'] : [])].join(' ')
  const attributes = [
    `x="${x}" y="${y + HEIGHT - 5}"`,
    // Fonts differ by a hair; long runs would leave their columns.
    ...(text.length > 8 ? [`textLength="${length}"`] : []),
    ...(names === '' ? [] : [`class="${names}"`]),
    ...(style.fill === FOREGROUND ? [] : [`fill="${style.fill}"`]),
  ]
  return [...block, `<text ${attributes.join(' ')}>${escaped(text)}</text>`]
}

/** Blanks at the ends of a run are nothing to draw. */
function trimmed({ column, text, style }: Run): Run {
  const start = text.length - text.trimStart().length
  return { column: column + start, text: text.trim(), style }
}

const round = (value: number): number => Math.round(value * 10) / 10

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
