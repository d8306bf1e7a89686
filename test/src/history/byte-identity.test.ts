import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Deployment } from '../../../src/domain/deployment.ts'
import { parseHistory, type ParsedHistory } from '../../../src/history/read/parse-history.ts'
import { prepareCommit, type PreparedCommit } from '../../../src/history/prepare-commit.ts'
import { hashOf } from '../../../src/history/revision.ts'
import { applySplices } from '../../../src/history/edit/splices.ts'
import { aDeployment, version } from '../../support/builders/a-history.ts'
import { NOTE } from '../../support/projects/history-project.ts'
import { printFigure } from '../../support/servers/print-figure.ts'
import { randomHistory, type RandomHistory } from '../../support/builders/random-history.ts'
import type { HistoryEdit } from '../../../src/history/history-edit.ts'
import { roundCount, SEED } from '../../support/effort.ts'

const RUNS = roundCount(500, 50_000)

/** What one splice of an edit may take out and put in. */
interface Allowed {
  readonly removed: RegExp
  readonly added: RegExp
}

const AT = '2026-02-01T18:00:00Z'
const edits = (history: ParsedHistory['history'], held: readonly string[]): fc.Arbitrary<HistoryEdit> => {
  const ids = history.deployments.map(({ id }) => id)
  const id = fc.constantFrom(...ids)
  const { id: _id, ...deployment } = aDeployment('v7.0.0', { reason: 'a: "b" # c' })
  return fc.oneof(
    id.map((id) => ({ kind: 'set-status', id, status: 'pruned' }) as const),
    fc.record({ kind: fc.constant('set-pinned' as const), id, pinned: fc.boolean() }),
    fc.constant({ kind: 'insert', deployment } as const),
    id.map((id) => ({ kind: 'replace', id, deployment }) as const),
    fc.constant({ kind: 'hold', hold: { version: version('v9.9'), reason: 'bad', at: AT } } as const),
    fc.subarray(ids, { minLength: 1 }).map((ids) => ({ kind: 'archive', ids }) as const),
    ...(held.length === 0
      ? []
      : [fc.constantFrom(...held).map((name) => ({ kind: 'lift-hold', version: name }) as const)]),
  )
}

const EOL = '\\r?\\n'
const HEADER = `schema: 1${EOL}(?:lineage: "[0-9a-f-]{36}"${EOL})?`
const KEY = ' *(?:id: \\d+|status: "(?:active|superseded)"),? *'
const ALLOWED: Readonly<Record<HistoryEdit['kind'], Allowed>> = {
  // A value or a part of it, or one line: never a comment, never a second value.
  'set-status': { removed: /^[^#]{0,32}$/u, added: /^[^#\n]{0,30}(?:\n[^#\n]{0,30})?$/u },
  'set-pinned': { removed: /^[^#\n]{0,6}$/u, added: /^[^#\n]{0,30}(?:\n[^#\n]{0,30})?$/u },
  insert: { removed: /^$/u, added: /./u },
  replace: { removed: /./u, added: /./u },
  hold: {
    removed: /^\s*(?:\[\]\s*(?:# none)?\s*(?:# last words)?)?$/u,
    added: /^\s*(?:# none)?\s*(?:# last words)?[^#]*$/u,
  },
  'lift-hold': { removed: /^[^-]*- +\{? ?version: v9\.\d/u, added: /^$/u },
  restore: { removed: /^$/u, added: /./u },
  archive: { removed: /version: v1/u, added: /^[^#\n]{0,30}(?:\n[^#\n]{0,30})?$/u },
}

function prepare(
  { text }: RandomHistory,
  edit: (parsed: ParsedHistory) => HistoryEdit,
): [ParsedHistory, PreparedCommit | undefined] {
  const parsed = parseHistory('h.yml', text)
  const loaded = { history: parsed.history, hash: hashOf(text), revision: 0, readOnly: null }
  const state = {
    loaded,
    parsed,
    newest: undefined,
    bytes: Buffer.from(text),
    bytesHash: hashOf(text),
    isMerged: false,
  }
  return [parsed, prepareCommit({ label: 'h.yml', state, edits: [edit(parsed)], note: NOTE })]
}

const sample = randomHistory.chain((file) =>
  edits(parseHistory('h.yml', file.text).history, file.held).map((edit) => ({ file, edit })),
)

test(
  'an edit of any file changes the text it is about and not a byte beside it',
  { timeout: 120_000 + RUNS * 40 },
  () => {
    fc.assert(
      fc.property(sample, ({ file, edit }) => {
        const [, prepared] = prepare(file, () => edit)
        if (!prepared) return
        const next = Buffer.from(prepared.bytes).toString('utf8')

        const { removed, added } = ALLOWED[edit.kind]
        for (const splice of prepared.revision.splices) {
          const gone = file.text.slice(splice.at, splice.at + splice.remove)
          if (
            gone === '' &&
            new RegExp(`^(?:${HEADER}|${EOL}|(?:${EOL})?${KEY}(?:${EOL})? *)$`, 'u').test(splice.insert)
          )
            continue
          if (gone !== '' || edit.kind === 'hold') expect(gone).toMatch(removed)
          if (splice.insert !== '') expect(splice.insert.replace(new RegExp(`^${HEADER}`, 'u'), '')).toMatch(added)
        }
        expect(applySplices(file.text, prepared.revision.splices)).toBe(next)
      }),
      { numRuns: RUNS, seed: SEED },
    )
    printFigure('12', `0 bytes changed outside of ${RUNS} random edits (seed ${SEED})`)
  },
)

test('an edit of any file changes the values it is about and no others', { timeout: 120_000 + RUNS * 40 }, () => {
  fc.assert(
    fc.property(sample, ({ file, edit }) => {
      const [before, prepared] = prepare(file, () => edit)
      if (!prepared) return

      const after = parseHistory('h.yml', Buffer.from(prepared.bytes).toString('utf8'))

      const target = 'id' in edit ? edit.id : undefined
      const gone = new Set(edit.kind === 'archive' ? edit.ids : [])
      const untouched = ({ id }: Deployment) => id !== target && !gone.has(id) && id !== prepared.edited.insertedId
      expect(after.history.deployments.filter(untouched)).toEqual(before.history.deployments.filter(untouched))
      expect(after.history.deployments.filter(({ id }) => gone.has(id))).toEqual([])
      if (edit.kind === 'set-status' || edit.kind === 'set-pinned') {
        const { kind: _kind, id: _id, ...change } = edit
        const was = before.history.deployments.find(({ id }) => id === target)
        expect(after.history.deployments.find(({ id }) => id === target)).toEqual({ ...was, ...change })
      }
      const { schema: _schema, lineage: _lineage, ...rest } = after.head
      const { schema: _was, lineage: _none, ...restBefore } = before.head
      expect(rest).toEqual(restBefore)
    }),
    { numRuns: RUNS, seed: SEED },
  )
})
