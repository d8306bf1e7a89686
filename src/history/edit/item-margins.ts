const MARGIN = /^ *(?:#[^\n]*)?\r?\n?$/u

/** The blank and comment lines above and below the entry that stands in a piece. Pure. */
export function itemMargins(text: string): { readonly above: string; readonly below: string } {
  const lines = text.split(/(?<=\n)/u)
  const first = lines.findIndex((line) => !MARGIN.test(line))
  const last = lines.findLastIndex((line) => !MARGIN.test(line))
  return { above: lines.slice(0, Math.max(0, first)).join(''), below: lines.slice(last + 1).join('') }
}
