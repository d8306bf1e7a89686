import type { core } from 'zod'
import type { History } from '../domain/deployment.ts'
import type { Json, JsonObject } from '../domain/json.ts'
import { BagboyError } from '../errors/bagboy-error.ts'
import { explainIssue } from '../yaml/explain-issue.ts'
import type { YamlPath } from '../yaml/yaml-places.ts'
import type { YamlProblem } from '../yaml/yaml-problem.ts'
import { refuseConflictMarkers } from './conflict-markers.ts'
import { countIds } from './count-ids.ts'
import { invalidHistory } from './history-error.ts'
import {
  deploymentSchema,
  HISTORY_SCHEMA,
  holdSchema,
  lineageText,
  schemaNumber,
  type DeploymentData,
  type HoldData,
} from './history-schema.ts'
import { readHistory, type HistoryReading, type KnownEntries } from './read-history.ts'
import type { HistoryDocument } from './scan-history.ts'
import { toDeployment, toHold } from './to-history.ts'

export interface ParsedHistory {
  readonly text: string
  /** `undefined` when the file can be read, but is written in a way that splices cannot be made in. */
  readonly document: HistoryDocument | undefined
  readonly history: History
  /** As checked, in the order of the file. */
  readonly entries: readonly DeploymentData[]
  readonly holds: readonly HoldData[]
  /** The other top-level keys. */
  readonly head: JsonObject
  /** `undefined` in the seed's form. */
  readonly schema: number | undefined
  readonly lineage: string | undefined
  /** Entry by entry, as checked; by the text of their pieces they are used again by the next reading. */
  readonly known: KnownEntries
}

/**
 * A history file as the program knows it. `label` names the file in errors, `known` holds entries that were
 * checked before.
 * @throws HISTORY_INVALID, HISTORY_CONFLICT, HISTORY_TOO_NEW (a newer format that cannot even be shown)
 */
export function parseHistory(label: string, text: string, known?: KnownEntries): ParsedHistory {
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
    const entries = reading.entries.map((entry, index) =>
      isChecked(reading.texts[index], entry, known)
        ? entry
        : check(deploymentSchema.safeParse(entry), entry, ['deployments', index]),
    )
    const holds = reading.held.map((hold, index) => check<HoldData>(holdSchema.safeParse(hold), hold, ['held', index]))
    const ids = idsOf(entries, (index) => reading.offsetOf(['deployments', index, 'id'], 'value'), refuse)
    const deployments = entries.map((entry, index) => toDeployment(entry, ids[index] ?? 0, index === 0))
    const byText = new Map(reading.texts.map((piece, index) => [piece, entries[index]] as const).filter(hasEntry))
    const history = { schema: schema ?? HISTORY_SCHEMA, deployments, held: holds.map(toHold) }
    const { document, head } = reading
    return { text, document, history, entries, holds, head, schema, lineage, known: byText }
  } catch (error) {
    if (schema !== undefined && schema > HISTORY_SCHEMA) throw tooNew(label, schema, error)
    throw error
  }
}

type Checked<T> =
  | { readonly success: true; readonly data: T }
  | { readonly success: false; readonly error: { readonly issues: readonly core.$ZodIssue[] } }

function hasEntry(pair: readonly [string, DeploymentData | undefined]): pair is readonly [string, DeploymentData] {
  return pair[1] !== undefined
}

function isChecked(
  text: string | undefined,
  entry: Json | DeploymentData,
  known: KnownEntries | undefined,
): entry is DeploymentData {
  return text !== undefined && known?.get(text) === entry
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
  entries: readonly DeploymentData[],
  offsetOf: (index: number) => number,
  refuse: (problem: YamlProblem) => BagboyError,
): readonly number[] {
  const ids = countIds(entries.map(({ id }) => id))
  if (!('index' in ids)) return ids
  const highest = entries.reduce((most, { id }) => Math.max(most, id ?? 0), 0)
  const newer = Math.min(ids.index, ids.other)
  throw refuse({
    offset: offsetOf(newer),
    wrong: `id ${ids.id} belongs to two entries, ${entries[ids.index]?.version} and ${entries[ids.other]?.version}`,
    right: `give the newer one the next free id, ${highest + 1}`,
  })
}
