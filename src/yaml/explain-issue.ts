import type { core } from 'zod'
import { sanitize } from '../domain/text/sanitize.ts'
import type { Json } from '../domain/text/json.ts'
import { nearestWord } from '../domain/text/nearest-word.ts'

/** What a schema did not like, ready to be given a place. */
export interface Explanation {
  readonly path: readonly (string | number)[]
  /** Whether the key or the value is at fault. */
  readonly part: 'key' | 'value'
  readonly wrong: string
  readonly right: string
}

/**
 * One issue of a schema in words. The message a schema sets for a format, a check or an unknown key is the
 * half sentence that says what would be right.
 */
export function explainIssue(issue: core.$ZodIssue, data: Json): Explanation {
  const path = issue.path.map((step) => (typeof step === 'number' ? step : String(step)))
  const at = { path, part: 'value' as const }
  const value = valueAt(data, path)
  const wrong = `${nameOf(path)} is ${show(value)}`
  switch (issue.code) {
    case 'unrecognized_keys': {
      const [key = ''] = issue.keys
      return { path: [...path, key], part: 'key', wrong: `unknown key ${show(key)}`, right: issue.message }
    }
    case 'invalid_type':
      return value === undefined
        ? { ...at, part: 'key', wrong: `${nameOf(path)} is missing`, right: `add it as ${expected(issue.expected)}` }
        : {
            ...at,
            wrong,
            right: ownMessage(issue) ?? `write ${expected(issue.expected)}${quoteHint(issue.expected, value)}`,
          }
    case 'invalid_value':
      return value === undefined
        ? { ...at, part: 'key', wrong: `${nameOf(path)} is missing`, right: choice(issue.values.map(String), '') }
        : { ...at, wrong, right: choice(issue.values.map(String), value) }
    case 'invalid_union':
      return explainUnion(issue, data)
    case 'too_small':
      return { ...at, wrong, right: atLeast(issue) }
    case 'too_big':
      return { ...at, wrong, right: `write at most ${issue.maximum}` }
    case 'invalid_key':
    case 'invalid_element':
      return { ...at, part: 'key', wrong: `${nameOf(path)} cannot stand here`, right: issue.issues[0]?.message ?? '' }
    case 'invalid_format':
    case 'not_multiple_of':
    case 'custom':
      return issue.code === 'custom' && issue.params?.['isUnsupported'] === true
        ? { ...at, part: 'key', wrong: `${nameOf(path)} is not supported yet`, right: issue.message }
        : { ...at, wrong, right: issue.message }
  }
}

// Of a union's branches the one that got furthest is the one that was meant.
function explainUnion(issue: core.$ZodIssueInvalidUnion, data: Json): Explanation {
  const ranked = issue.errors
    .map((branch) => branch[0])
    .filter((first) => first !== undefined)
    .sort((a, b) => promise(b) - promise(a))
  const [best, ...rest] = ranked
  if (!best) return { path: issue.path.map(String), part: 'value', wrong: 'not understood', right: issue.message }
  const explained = explainIssue({ ...best, path: [...issue.path, ...best.path] }, data)
  const alternatives = rest.filter((other) => promise(other) === promise(best) && other.code === 'invalid_type')
  if (best.code !== 'invalid_type' || alternatives.length === 0) return explained
  const names = [best, ...alternatives].map((branch) => expected('expected' in branch ? String(branch.expected) : ''))
  const verb = valueAt(data, explained.path) === undefined ? 'add it as' : 'write'
  return { ...explained, right: `${verb} ${[...new Set(names)].join(', or ')}` }
}

/** What a schema says of a wrong type, where it says more than zod does. */
function ownMessage({ message }: core.$ZodIssue): string | undefined {
  return message.startsWith('Invalid input') ? undefined : message
}

function promise(issue: core.$ZodIssue): number {
  return issue.path.length * 2 + (issue.code === 'invalid_type' ? 0 : 1)
}

function atLeast(issue: core.$ZodIssueTooSmall): string {
  if (issue.origin === 'string' || issue.origin === 'array') return 'it must not be empty'
  return `write ${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}`
}

function choice(values: readonly string[], value: Json): string {
  const near = typeof value === 'string' ? nearestWord(value, values) : undefined
  return `${near ? `did you mean ${near}? It is` : 'it is'} one of ${values.join(', ')}`
}

const EXPECTED: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map of keys',
  record: 'a map of keys',
}

function expected(name: string): string {
  return EXPECTED[name] ?? name
}

function quoteHint(name: string, value: Json): string {
  return name === 'string' && (typeof value === 'number' || typeof value === 'boolean') ? `, in quotes: "${value}"` : ''
}

function nameOf(path: readonly (string | number)[]): string {
  const last = path.at(-1)
  if (last === undefined) return 'the document'
  return typeof last === 'number' ? `item ${last + 1}` : sanitize(last, 80)
}

function show(value: Json | undefined): string {
  if (value === null || value === undefined) return 'empty'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return 'a map'
  return typeof value === 'string' ? `"${sanitize(value, 80)}"` : String(value)
}

function valueAt(data: Json, path: readonly (string | number)[]): Json | undefined {
  let value: Json | undefined = data
  for (const step of path) {
    if (value === null || typeof value !== 'object') return undefined
    value = (value as Readonly<Record<string | number, Json>>)[step]
  }
  return value
}
