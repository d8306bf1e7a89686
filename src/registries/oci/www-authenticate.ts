/** One challenge of RFC 9110, 11.6.1; the scheme and the names of its parameters are in lower case. */
export interface Challenge {
  readonly scheme: string
  readonly parameters: ReadonlyMap<string, string>
}

/** A scheme, or a parameter where an equals sign follows. */
const ITEM = /[\s,]*(?<name>[!#$%&'*+.^_`|~\w-]+)(?:\s*=\s*(?:"(?<quoted>(?:[^"\\]|\\.)*)"|(?<plain>[^\s,"]*)))?/gsuy

/** The challenges in their order, up to what cannot be read. The first of parameters with the same name counts. Pure. */
export function parseWwwAuthenticate(header: string): readonly Challenge[] {
  const challenges: { scheme: string; parameters: Map<string, string> }[] = []
  for (const { groups } of header.matchAll(ITEM)) {
    const { name = '', quoted, plain } = groups ?? {}
    const value = quoted?.replaceAll(/\\(.)/gsu, '$1') ?? plain
    const parameters = challenges.at(-1)?.parameters
    if (value === undefined) challenges.push({ scheme: name.toLowerCase(), parameters: new Map() })
    else if (parameters && !parameters.has(name.toLowerCase())) parameters.set(name.toLowerCase(), value)
  }
  return challenges
}
