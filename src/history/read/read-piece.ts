import type { Json, JsonObject } from '../../domain/text/json.ts'
import { readYaml, type YamlResult } from '../../yaml/read-yaml.ts'
import type { YamlPath } from '../../yaml/yaml-path.ts'
import type { YamlProblem } from '../../yaml/yaml-problem.ts'
import { parseCanonical } from '../edit/canonical-yaml.ts'

/** Of one entry, or of a whole file that cannot be cut into entries: above it the full parser is too slow. */
const MAX_BYTES = 512 * 1024

/** How the full parser is asked about a history or a part of it. */
export function readHand(text: string): YamlResult {
  return readYaml(text, { maxBytes: MAX_BYTES, numbers: 'exact', aliasNodes: 0 })
}

/** The one entry that stands in a piece of a list. */
export function readItem(text: string): { readonly data: Json } | { readonly problem: YamlProblem } {
  const fast = parseCanonical(text)
  const result = fast === undefined ? readHand(text) : { data: fast }
  if ('problem' in result && result.problem) return { problem: result.problem }
  const { data } = result
  const [only] = Array.isArray(data) ? data : []
  if (Array.isArray(data) && data.length === 1 && only !== undefined) return { data: only }
  return { problem: { offset: 0, wrong: 'this is not one entry of a list', right: 'start every entry with "- "' } }
}

/** The keys and values of a piece that holds one top-level key. */
export function readSection(text: string): { readonly data: JsonObject } | { readonly problem: YamlProblem } {
  const fast = parseCanonical(text)
  const result = fast === undefined ? readHand(text) : { data: fast }
  if ('problem' in result && result.problem) return { problem: result.problem }
  const { data } = result
  if (typeof data === 'object' && data !== null && !Array.isArray(data)) return { data: data as JsonObject }
  return { problem: { offset: 0, wrong: 'this is not a map of keys', right: 'write "key: value"' } }
}

/** Where something stands inside a piece of a list: of its entry, not of the list. */
export function offsetInItem(text: string, path: YamlPath, part: 'key' | 'value'): number {
  const reading = readHand(text)
  return reading.problem ? 0 : reading.offsetOf([0, ...path], part)
}
