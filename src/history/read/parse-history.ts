import type { core } from 'zod'
import type { FileHistory } from '../../domain/deployment.ts'
import type { Json, JsonObject } from '../../domain/text/json.ts'
import { BagboyError } from '../../errors/bagboy-error.ts'
import { explainIssue } from '../../yaml/explain-issue.ts'
import type { YamlPath } from '../../yaml/yaml-path.ts'
import type { YamlProblem } from '../../yaml/yaml-problem.ts'
import { refuseConflictMarkers } from '../conflict/conflict-markers.ts'
import { countIds } from './count-ids.ts'
import { invalidHistory } from '../history-error.ts'
import { checkDeployment, checkHold, HISTORY_SCHEMA, lineageText, schemaNumber } from '../history-schema.ts'
import type { KnownEntry } from './known-entries.ts'
import { readHistory, type HistoryReading } from './read-history.ts'
import type { HistoryDocument } from './scan-history.ts'
import { numberEntry, toEntry, toHold, type ParsedEntry } from './to-history.ts'

export interface ParsedHistory {
  readonly text: string
  /** `undefined` when the file can be read, but is written in a way that splices cannot be made in. */
  readonly document: HistoryDocument | undefined
  readonly history: FileHistory
  /** In the order of the file, as in `history`. */
  readonly entries: readonly ParsedEntry[]
  /** The other top-level keys. */
  readonly head: JsonObject
  /** `undefined` in the seed's form. */
  readonly schema: number | undefined
  readonly lineage: string | undefined
  /** The same entries with their texts, for the next reading. */
  readonly known: readonly KnownEntry[]
}

/**
 * A history file as the program knows it. `label` names the file in errors, `known` holds entries that were
 * checked before.
 * @throws HISTORY_INVALID, HISTORY_CONFLICT, HISTORY_TOO_NEW (a newer format that cannot even be shown)
 */
export function parseHistory(label: string, text: string, known?: readonly KnownEntry[]): ParsedHistory {
  refuseConflictMarkers(label, text)
  const reading = readHistory(label, text, known)
  const refuse = (problem: YamlProblem) => invalidHistory(label, text, problem)
  const check = <T>(result: Checked<T>, data: Json, path: YamlPath): T => {
    if (result.success) return result.data
    const [issue] = result.error.issues
    if (!issue) throw new BagboyError('BUG', `${label}: refused without a reason`)
    const explained = explainIssue(issue, data)
    const offset = reading.offsetOf([...path, ...explained.path], explained.part)
    throw refuse({ offset, wrong: explained.wrong, right: explained.right })
  }
  const schema = readHead(reading, 'schema', (value) => check(schemaNumber.safeParse(value), value, ['schema']))
  const lineage = readHead(reading, 'lineage', (value) => check(lineageText.safeParse(value), value, ['lineage']))
  try {
    const read = reading.entries.map(
      ({ known: checked, data }, index) =>
        checked ?? toEntry(check(checkDeployment(data), data, ['deployments', index])),
    )
    const held = reading.held.map((hold, index) => toHold(check(checkHold(hold), hold, ['held', index])))
    const ids = idsOf(read, (index) => reading.offsetOf(['deployments', index, 'id'], 'value'), refuse)
    const entries = read.map((entry, index) => numberEntry(entry, ids[index] ?? 0, index === 0))
    const deployments = entries.map(({ deployment }) => deployment)
    const { document, head } = reading
    return {
      text,
      document,
      history: { schema: schema ?? HISTORY_SCHEMA, deployments, held },
      entries,
      head,
      schema,
      lineage,
      known: reading.entries.flatMap(({ text: piece }, index) => knownEntry(piece, entries[index])),
    }
  } catch (error) {
    if (schema !== undefined && schema > HISTORY_SCHEMA) throw tooNew(label, schema, error)
    throw error
  }
}

type Checked<T> =
  | { readonly success: true; readonly data: T }
  | { readonly success: false; readonly error: { readonly issues: readonly core.$ZodIssue[] } }

function knownEntry(text: string, entry: ParsedEntry | undefined): readonly KnownEntry[] {
  return text === '' || !entry ? [] : [{ text, entry }]
}

function readHead<T>(reading: HistoryReading, key: string, check: (value: Json) => T): T | undefined {
  const value = reading.head[key]
  return value === undefined || value === null ? undefined : check(value)
}

/** The error, and the reason why nothing is written, for a file of a later version of this program. */
export function tooNew(label: string, schema: number, cause?: unknown): BagboyError {
  return new BagboyError(
    'HISTORY_TOO_NEW',
    `${label} has schema ${schema}; this program writes schema ${HISTORY_SCHEMA}`,
    { hint: 'Update it: npm install --global bagboy-tui@latest', cause },
  )
}

function idsOf(
  entries: readonly ParsedEntry[],
  offsetOf: (index: number) => number,
  refuse: (problem: YamlProblem) => BagboyError,
): readonly number[] {
  const explicit = entries.map(({ hasId, deployment }) => (hasId ? deployment.id : undefined))
  const ids = countIds(explicit)
  if (!('index' in ids)) return ids
  const highest = explicit.reduce<number>((most, id) => Math.max(most, id ?? 0), 0)
  const [one, other] = [entries[ids.index]?.deployment.version, entries[ids.other]?.deployment.version]
  throw refuse({
    offset: offsetOf(Math.min(ids.index, ids.other)),
    wrong: `id ${ids.id} belongs to two entries, ${one} and ${other}`,
    right: `give the newer one the next free id, ${highest + 1}`,
  })
}
