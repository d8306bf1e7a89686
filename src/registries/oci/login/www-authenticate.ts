/** One challenge of RFC 9110, 11.6.1; the scheme and the names of its parameters are in lower case. */
export interface Challenge {
  readonly scheme: string
  readonly parameters: ReadonlyMap<string, string>
}

/** Separators, then a scheme, or a parameter where an equals sign follows; a quote that is never closed ends with the text. */
const ITEM =
  /(?<gap>[\s,]*)(?<name>[!#$%&'*+.^_`|~\w-]+)(?:\s*=\s*(?:"(?<quoted>(?:[^"\\]|\\.)*)(?:"|\\?$)|(?<plain>[^\s,"]*)))?/suy
/** Credentials of a scheme that has no parameters, as Negotiate sends them. */
const TOKEN68 = /[ \t]+[\w.~+/-]+=*[ \t]*(?=,|$)/uy
/** What is neither, up to the next comma. */
const JUNK = /[\s,]*[^\s,][^,]*/uy

interface Draft {
  readonly scheme: string
  readonly parameters: Map<string, string>
}

/**
 * The challenges of all headers in their order. What cannot be read is passed over; the first of parameters with the same
 * name counts. Pure.
 */
export function parseWwwAuthenticate(header: string): readonly Challenge[] {
  const challenges: Draft[] = []
  for (let at = 0; at < header.length;) {
    const item = matchAt(ITEM, header, at)
    const found = item ?? matchAt(JUNK, header, at)
    if (!found) break
    at += found[0].length
    if (!item) continue
    const { gap = '', name = '', quoted, plain } = item.groups ?? {}
    const value = quoted?.replaceAll(/\\(.)/gsu, '$1') ?? plain
    if (value === undefined) {
      challenges.push({ scheme: name.toLowerCase(), parameters: new Map() })
      at += matchAt(TOKEN68, header, at)?.[0].length ?? 0
    } else addParameter(challenges, { name: name.toLowerCase(), value, isApart: gap.includes(',') })
  }
  return challenges
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at
  return pattern.exec(text)
}

/**
 * Behind a comma a parameter belongs to the last challenge that has some: what stood between them is a part of a value that
 * should have been quoted (`scope=repository:app:pull,push`).
 */
function addParameter(
  challenges: readonly Draft[],
  { name, value, isApart }: { readonly name: string; readonly value: string; readonly isApart: boolean },
): void {
  const owner = isApart ? challenges.findLast(({ parameters }) => parameters.size > 0) : undefined
  const parameters = (owner ?? challenges.at(-1))?.parameters
  if (parameters && !parameters.has(name)) parameters.set(name, value)
}
