import { parseDocument, type Document, type ErrorCode } from 'yaml'
import { sanitize } from '../domain/text/sanitize.ts'
import type { Json } from '../domain/text/json.ts'
import { convertYaml } from './convert-yaml.ts'
import { guardYaml } from './guard-yaml.ts'
import { offsetIn, type YamlPath } from './yaml-path.ts'
import type { YamlOptions } from './yaml-options.ts'
import type { YamlProblem } from './yaml-problem.ts'

export interface YamlReading {
  /** `null` for an empty document. */
  readonly data: Json
  /** Where the value (or, `'key'`, its key) stands; of the nearest parent when there is none. */
  offsetOf(path: YamlPath, part?: 'key' | 'value'): number
  readonly document: Document.Parsed
}

export type YamlResult = { readonly problem: YamlProblem } | ({ readonly problem?: undefined } & YamlReading)

/** The guarded full parser, for what people wrote. Never throws, for any text. */
export function readYaml(text: string, options: YamlOptions): YamlResult {
  const refused = guardYaml(text, { bytes: options.maxBytes })
  if (refused) return { problem: refused }
  const document = parseDocument(text, {
    version: '1.2',
    schema: 'core',
    uniqueKeys: false,
    logLevel: 'error',
    strict: true,
    prettyErrors: false,
  })
  const problem = documentProblem(text, document, options)
  if (problem) return { problem }
  const converted = convertYaml(document, options)
  if ('problem' in converted) return converted
  return { data: converted.data, document, offsetOf: (path, part) => offsetIn(document, path, part ?? 'value') }
}

function documentProblem(text: string, document: Document.Parsed, options: YamlOptions): YamlProblem | undefined {
  const [error] = document.errors
  if (error) {
    const offset = error.pos[0] + (/^ */u.exec(text.slice(error.pos[0]))?.[0].length ?? 0)
    return { offset, wrong: describe(error.code, error.message), right: remedy(error.code, error.message) }
  }
  const [warning] = options.only ? [] : document.warnings
  if (warning) return { offset: warning.pos[0], wrong: String(sanitize(warning.message, 200)), right: 'take it out' }
  // Not with the flag m: JavaScript ends lines where YAML does not.
  const directive = /(?<=^|\n)%(?:YAML|TAG)\b/u.exec(text)
  if (directive) {
    return { offset: directive.index, wrong: '%YAML and %TAG lines are not read', right: 'take them out' }
  }
  return undefined
}

function describe(code: ErrorCode, message: string): string {
  if (code === 'MULTIPLE_DOCS') return 'a second document starts here'
  if (code === 'RESOURCE_EXHAUSTION') return 'nested too deeply'
  const [first = ''] = message.split('\n')
  return String(sanitize(first, 200)).trimEnd().replace(/[.:]$/u, '').trimEnd()
}

const REMEDIES: Partial<Readonly<Record<ErrorCode, string>>> = {
  BAD_INDENT: 'indent it like its neighbours',
  TAB_AS_INDENT: 'indent with spaces',
  MULTIPLE_DOCS: 'keep one document in a file',
  MISSING_CHAR: 'close the quote or bracket, or put a space after the colon',
  RESOURCE_EXHAUSTION: 'flatten it',
  BAD_SCALAR_START: 'put the value in quotes',
  BAD_DQ_ESCAPE: 'use single quotes, or write \\\\ for a backslash',
}

function remedy(code: ErrorCode, message: string): string {
  if (message.includes('without - indicator')) return 'indent it like its neighbours'
  return REMEDIES[code] ?? 'make it valid YAML 1.2'
}
