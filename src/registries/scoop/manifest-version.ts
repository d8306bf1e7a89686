/** What Scoop allows in a version. */
const VERSION = /^[\w.+-]+$/u

/**
 * The version of a manifest as Scoop reads it: PowerShell takes JSON with comments, trailing commas, single quotes, names
 * without quotes and names in any case. `undefined` when there is none. Goes through the text once. Pure.
 */
export function manifestVersion(text: string): string | undefined {
  const version = topLevel(text).findLast(([name]) => name.toLowerCase() === 'version')?.[1]
  return version !== undefined && VERSION.test(version) ? version : undefined
}

const TOKEN = /\s+|\/\/[^\n]*|\/\*(?:[^*]|\*(?!\/))*\*\/|"(?:[^"\\]|\\[^])*"|'(?:[^'\\]|\\[^])*'|[\w.+$-]+|[^]/gu

const OPENING = new Set(['{', '['])
const CLOSING = new Set(['}', ']'])

/** Names of the outermost object with their values, as far as those are texts or numbers. */
function topLevel(text: string): readonly (readonly [name: string, value: string])[] {
  const tokens = [...text.replace(/^\uFEFF/u, '').matchAll(TOKEN)]
    .map(([token]) => token)
    .filter((token) => !/^(?:\s|\/[/*])/u.test(token))
  const found: (readonly [string, string])[] = []
  let depth = 0
  for (const [index, token] of tokens.entries()) {
    if (OPENING.has(token)) depth += 1
    if (CLOSING.has(token)) depth -= 1
    // What follows an object is no part of it.
    if (depth === 0) return token === '}' ? found : []
    if (depth !== 1 || token !== ':') continue
    const [name, value] = [nameOf(tokens[index - 1] ?? ''), textOf(tokens[index + 1] ?? '')]
    if (value !== undefined) found.push([name, value])
  }
  return []
}

function nameOf(token: string): string {
  return /^["']/u.test(token) ? unquoted(token) : token
}

/** Of a number as PowerShell writes it: `1.20` is `1.2`. */
function textOf(token: string): string | undefined {
  if (/^["']/u.test(token)) return unquoted(token)
  return /^\d{1,15}(?:\.\d{1,15})?$/u.test(token) ? String(Number(token)) : undefined
}

function unquoted(token: string): string {
  return token
    .slice(1, -1)
    .replaceAll(/\\u([0-9a-fA-F]{4})/gu, (_escape, code: string) => String.fromCodePoint(Number.parseInt(code, 16)))
    .replaceAll(/\\([^u])/gu, '$1')
}
