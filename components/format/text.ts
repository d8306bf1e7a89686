import stringWidth from 'string-width'

/** Columns a text takes on the screen. ASCII, which most of it is, is counted without a look at Unicode tables. */
export function widthOf(text: string): number {
  // eslint-disable-next-line no-control-regex -- the printable ASCII range ends where control characters begin
  return /^[\u0020-\u007e]*$/u.test(text) ? text.length : stringWidth(text)
}

/** Cuts a text to `width` columns, with an ellipsis when something is lost. Pure. */
export function clip(text: string, width: number): string {
  const flat = text.includes('\n') ? text.replaceAll('\n', ' ') : text
  if (widthOf(flat) <= width) return flat
  if (width <= 1) return width === 1 ? '…' : ''
  return `${take(flat, width - 1)}…`
}

/** Exactly `width` columns: cut or padded. Pure. */
export function fit(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const cut = clip(text, width)
  const padding = ' '.repeat(Math.max(0, width - widthOf(cut)))
  return align === 'left' ? cut + padding : padding + cut
}

/** Cuts the middle out, for hashes and paths whose ends matter. Pure. */
export function clipMiddle(text: string, width: number): string {
  if (widthOf(text) <= width || width < 5) return clip(text, width)
  const tail = Math.floor((width - 1) / 3)
  return `${take(text, width - 1 - tail)}…${text.slice(-tail)}`
}

/** Lines of at most `width` columns, broken at spaces where there are any. Pure. */
export function wrap(text: string, width: number): readonly string[] {
  return text.split('\n').flatMap((line) => wrapLine(line, Math.max(1, width)))
}

/** As {@link wrap}; what is broken off stands under the beginning of its line. Pure. */
export function wrapIndented(text: string, width: number): readonly string[] {
  const indent = ' '.repeat(text.length - text.trimStart().length)
  return wrap(text.trimStart(), width - indent.length).map((line) => indent + line)
}

function wrapLine(text: string, width: number): readonly string[] {
  const lines: string[] = []
  let rest = text
  while (widthOf(rest) > width) {
    const head = take(rest, width)
    const space = head.lastIndexOf(' ')
    const cut = space > width / 3 && rest[head.length] !== ' ' ? head.slice(0, space) : head
    lines.push(cut)
    rest = rest.slice(cut.length).trimStart()
  }
  return [...lines, rest]
}

function take(text: string, width: number): string {
  let taken = ''
  let used = 0
  for (const character of text) {
    const wide = widthOf(character)
    if (used + wide > width) break
    taken += character
    used += wide
  }
  return taken
}
