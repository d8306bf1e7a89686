import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { keyOf } from '../test-keys.ts'

/** The files of a run's folder, by name. */
export type RunFiles = ReadonlyMap<string, Buffer>

export interface JournalEdit {
  readonly name: string
  /** `undefined` when it makes no difference to these files. */
  apply(files: RunFiles): RunFiles | undefined
}

type Signing = 'kept' | 'stripped' | 'forged'

const JOURNAL = 'journal.jsonl'
const nat = fc.nat({ max: 1_000_000 })

/** Anything that a process without the key may do to a journal, its plan and what lies beside them. */
export function aJournalEdit(others: readonly RunFiles[]): fc.Arbitrary<JournalEdit> {
  return fc.oneof(
    edit('a byte is changed', fc.tuple(nat, nat, fc.integer({ min: 1, max: 255 })), flipByte),
    edit('a line is removed', fc.tuple(nat), (files, [at]) =>
      editLines(files, (lines) => lines.toSpliced(at % lines.length, 1)),
    ),
    edit('a line is doubled', fc.tuple(nat, nat), (files, [from, to]) =>
      editLines(files, (lines) => lines.toSpliced(to % lines.length, 0, lines[from % lines.length] ?? '')),
    ),
    edit('lines are swapped', fc.tuple(nat, nat), (files, [a, b]) => editLines(files, (lines) => swap(lines, a, b))),
    edit('a file is cut', fc.tuple(nat, nat), cutFile),
    edit('a record is changed and hashed again', fc.tuple(nat, nat, aSigning()), changeRecord),
    edit('a record is added', fc.tuple(nat, aSigning()), addRecord),
    edit('a part is added', fc.tuple(nat, aSigning()), addPart),
    edit('a file of another run is put here', fc.tuple(nat, nat), (files, [which, at]) => {
      const other = others[which % others.length] ?? new Map<string, Buffer>()
      const name = [...other.keys()][at % other.size] ?? ''
      return withFile(files, name, other.get(name) ?? Buffer.alloc(0))
    }),
    edit('a file is removed', fc.tuple(nat), (files, [at]) => without(files, nameAt(files, at))),
    edit('the plan is changed', fc.tuple(nat), (files, [at]) => {
      const versions = ['v1.1.0', 'v1.3.0', 'v9.9.9']
      const plan = String(files.get('plan.json')).replaceAll('v1.2.0', versions[at % versions.length] ?? '')
      return withFile(files, 'plan.json', Buffer.from(plan))
    }),
  )
}

function edit<T>(name: string, draw: fc.Arbitrary<T>, change: (files: RunFiles, drawn: T) => RunFiles | undefined) {
  return draw.map((drawn): JournalEdit => ({
    name: `${name} ${JSON.stringify(drawn)}`,
    apply(files) {
      const changed = change(files, drawn)
      return changed && isSame(files, changed) ? undefined : changed
    },
  }))
}

const aSigning = () => fc.constantFrom<Signing>('kept', 'stripped', 'forged')

function isSame(a: RunFiles, b: RunFiles): boolean {
  return a.size === b.size && [...a].every(([name, bytes]) => b.get(name)?.equals(bytes) === true)
}

const nameAt = (files: RunFiles, at: number): string => [...files.keys()][at % files.size] ?? ''
const withFile = (files: RunFiles, name: string, bytes: Buffer): RunFiles => new Map([...files, [name, bytes]])
const without = (files: RunFiles, name: string): RunFiles => new Map([...files].filter(([one]) => one !== name))

function flipByte(files: RunFiles, [which, at, mask]: [number, number, number]): RunFiles {
  const name = nameAt(files, which)
  const bytes = Buffer.from(files.get(name) ?? [])
  if (bytes.length === 0) return files
  const index = at % bytes.length
  bytes[index] = (bytes[index] ?? 0) ^ mask
  return withFile(files, name, bytes)
}

function cutFile(files: RunFiles, [which, at]: [number, number]): RunFiles {
  const name = nameAt(files, which)
  const bytes = files.get(name) ?? Buffer.alloc(0)
  return withFile(files, name, bytes.subarray(0, at % (bytes.length + 1)))
}

const linesOf = (files: RunFiles): readonly string[] =>
  String(files.get(JOURNAL) ?? '')
    .trimEnd()
    .split('\n')

function editLines(files: RunFiles, change: (lines: readonly string[]) => readonly string[]): RunFiles {
  return withFile(files, JOURNAL, Buffer.from(`${change(linesOf(files)).join('\n')}\n`))
}

function swap(lines: readonly string[], a: number, b: number): readonly string[] {
  const [one, two] = [a % lines.length, b % lines.length]
  return lines.with(one, lines[two] ?? '').with(two, lines[one] ?? '')
}

type Fields = Record<string, unknown>

/** What a record might be made to say: another goal, another compensation, another end. */
const CHANGES: readonly ((event: Fields) => Fields)[] = [
  (event) => JSON.parse(JSON.stringify(event).replaceAll('v1.2.0', 'v6.6.6')) as Fields,
  (event) => JSON.parse(JSON.stringify(event).replaceAll('v1.3.0', 'v6.6.6')) as Fields,
  (event) => ({ ...event, direction: 'undo' }),
  (event) => ({ ...event, at: '2020-01-01T00:00:00.000Z' }),
  (event) => ({ ...event, type: 'run.decided', direction: 'undo', reason: 'x' }),
]

function changeRecord(files: RunFiles, [at, how, signing]: [number, number, Signing]): RunFiles {
  return editLines(files, (lines) => {
    const index = at % lines.length
    const change = CHANGES[how % CHANGES.length] ?? ((event: Fields) => event)
    return rehash(
      lines.map((line, one) => (one === index ? change(bodyOf(line)) : bodyOf(line))),
      lines,
      signing,
    )
  })
}

function addRecord(files: RunFiles, [how, signing]: [number, Signing]): RunFiles {
  return editLines(files, (lines) => rehash([...lines.map(bodyOf), anAddition(lines, how)], lines, signing))
}

/** A later owner's part, which goes on from the last record. */
function addPart(files: RunFiles, [how, signing]: [number, Signing]): RunFiles {
  const lines = linesOf(files)
  const added = rehash([...lines.map(bodyOf), anAddition(lines, how)], lines, signing).at(-1) ?? ''
  return withFile(files, `${2 + (how % 3)}.${JOURNAL}`, Buffer.from(`${added}\n`))
}

function anAddition(lines: readonly string[], how: number): Fields {
  const { run, seq } = bodyOf(lines.at(-1) ?? '{}')
  const stamp = { run, seq: Number(seq) + 1, at: '2026-02-01T18:42:00.000Z' }
  const events: readonly Fields[] = [
    { type: 'run.decided', direction: 'undo', reason: 'x' },
    { type: 'operator.decided', step: 'memory:hello@two', decision: 'overwrite', reason: 'x', observed: 'v1.3.0' },
    { type: 'run.adopted', epoch: 9, actor: { user: 'mallory' }, purpose: 'undo' },
    { type: 'run.finished', result: 'complete', exitCode: 0, summary: 'x' },
  ]
  return { ...events[how % events.length], ...stamp }
}

function bodyOf(line: string): Fields {
  const { h: _h, k: _k, s: _s, c: _c, ...event } = JSON.parse(line) as Fields
  return event
}

/** A chain that is right, as any process can compute it, from the first record that is another; no signature can be. */
function rehash(bodies: readonly Fields[], before: readonly string[], signing: Signing): readonly string[] {
  let previous = ''
  let isChanged = false
  return bodies.map((event, index) => {
    const body = JSON.stringify(event)
    const h = sha256(previous + body)
    const old = before[index]
    isChanged ||= old === undefined || (JSON.parse(old) as Fields)['h'] !== h
    previous = h
    if (!isChanged && old !== undefined) return old
    const { k, s } = JSON.parse(old ?? before.at(-1) ?? '{}') as { k?: string; s?: string }
    if (signing === 'stripped' || k === undefined || s === undefined) return `${body.slice(0, -1)},"h":"${h}"}`
    const forger = keyOf('m')
    const [key, value] = signing === 'kept' ? [k, s] : [forger.id, forger.sign(h)]
    return `${body.slice(0, -1)},"h":"${h}","k":"${key}","s":"${value}","c":"${sha256(key + value).slice(0, 8)}"}`
  })
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
