/** A table; cells may hold any text. */
export function markdownTable(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(heading), line(heading.map(() => '---')), ...rows.map(line)].join('\n')
}

/** A whole document: title, where it comes from, parts with an empty line between them. */
export function markdownDocument(title: string, source: string, parts: readonly string[]): string {
  const origin = `<!-- Made from ${source} by \`npm run docs\`. -->`
  return `${[`# ${title}`, origin, ...parts].join('\n\n')}\n`
}
