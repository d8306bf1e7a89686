/** Numbers between 0 and 1, the same ones for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

const SNIPPETS = [
  ' ',
  '  ',
  '\n',
  '\r\n',
  '\r',
  '\t',
  ':',
  ': ',
  '#',
  ' #',
  '# x\n',
  '- ',
  '-',
  '"',
  "'",
  '\\',
  '\\u0041',
  '[',
  ']',
  '{',
  '}',
  ',',
  '|',
  '>',
  '|\n',
  '>-\n',
  '&a ',
  '*a',
  '!t ',
  '? ',
  '~',
  'null',
  '1.10',
  '0123',
  '1e3',
  '0x1f',
  'true',
  'no',
  '---\n',
  '...\n',
  '%YAML 1.1\n',
  '\u2028',
  '\ufeff',
  '\u00a0',
  '\u0085',
  '\u0000',
  'é',
  '🚀',
  '<<: ',
  '__proto__: ',
  'constructor: 1\n',
  'id: 3\n',
  'x',
  '.5',
  '+1',
  '-0',
  '@a',
  '`',
  '=',
  '""',
  "''",
  '[]',
  '{}',
  '{ a: b }',
  '[a, b]',
  'held:\n',
  'deployments:\n',
  '  - version: "v9"\n',
] as const

/** A few random changes: snippets that mean something in YAML, lines that move, vanish or are indented anew. */
export function mutate(text: string, random: () => number): string {
  let next = text
  const changes = 1 + Math.floor(random() * 3)
  for (let count = 0; count < changes; count += 1) next = mutateOnce(next, random)
  return next
}

function mutateOnce(text: string, random: () => number): string {
  const at = Math.floor(random() * (text.length + 1))
  const snippet = SNIPPETS[Math.floor(random() * SNIPPETS.length)] ?? ''
  const kind = Math.floor(random() * 7)
  if (kind <= 1) return text.slice(0, at) + snippet + text.slice(at)
  if (kind === 2) return text.slice(0, at) + text.slice(at + 1 + Math.floor(random() * 3))
  if (kind === 3) return text.slice(0, at) + snippet + text.slice(at + snippet.length)
  return mutateLines(text, random, kind)
}

function mutateLines(text: string, random: () => number, kind: number): string {
  const lines = text.split('\n')
  const pick = () => Math.floor(random() * lines.length)
  const line = pick()
  if (kind === 4) lines.splice(pick(), 0, lines[line] ?? '')
  else if (kind === 5) lines.splice(line, 1)
  else lines[line] = random() < 0.5 ? ` ${lines[line] ?? ''}` : (lines[line] ?? '').slice(1)
  return lines.join('\n')
}
