import { markdownDocument, markdownTable } from './markdown.ts'

interface EventDoc {
  readonly name: string
  readonly comment: string
  readonly fields: readonly (readonly [name: string, type: string, comment: string])[]
}

/** Names, payloads and docstrings of the events, read from their declaration. */
export function eventsDocument(source: string): string {
  const parts = readEvents(source).map(({ name, comment, fields }) => {
    const rows = fields.map(([field, type, note]) => [`\`${field}\``, `\`${type}\``, note])
    const table = rows.length === 0 ? 'No payload.' : markdownTable(['Field', 'Type', ''], rows)
    return [`## \`${name}\``, ...(comment === '' ? [] : [comment]), table].join('\n\n')
  })
  return markdownDocument('Events of a run', 'src/events/events.ts', [
    'A run says everything about itself in these events: `-o ndjson` prints them, the journal keeps them, the app is\ndrawn from them. Each carries `run` (the id of the run), `seq` (from 1, without gaps) and `at` (RFC 3339, UTC).',
    'Names and fields are stable: a release may add events and fields, and never renames, removes or retypes one. Skip\nwhat you do not know. Texts for people inside a payload (`label`, `detail`, `summary`, `message`) may change.',
    ...parts,
    WATCH,
    `## Types\n\n${markdownTable(['Type', 'Is'], readTypes(source))}`,
  ])
}

const WATCH = `## Events of a watch

\`status --watch -o ndjson\` prints what changes between two looks at the registries; the app shows the same and rings.
Each has \`at\`, \`package\` (\`format\`, \`registry\`, \`name\`), \`expected\` and \`serving\`, both bare versions.

${markdownTable(
  ['Event', 'When'],
  [
    ['`hold.violated`', 'a version that is held is served again'],
    ['`drift.detected`', 'something else than the live version is served'],
    ['`drift.cleared`', 'neither is so any more'],
  ],
)}`

/** The small types of the payloads: their values, or where they are described. */
function readTypes(source: string): readonly (readonly string[])[] {
  const unions = [...source.matchAll(/^export type (\w+) = ('.*)$/gmu)].map(([, name = '', values = '']) => [
    `\`${name}\``,
    `\`${values}\``,
  ])
  return [
    ...unions,
    ['`Phase`, `Signal`, `StepStatus`', '[state-machine.md](state-machine.md)'],
    ['`ErrorReport`', '`{ code, message, hint, details }`; codes in [errors.md](errors.md)'],
    ['`RollbackPlan`, `Finding`, `Action`', 'the objects of a saved plan: src/domain/plan.ts'],
    ['`Observation`', '`{ step, pointer, agrees }`: what a registry served in the last read'],
    ['`Json`, `JsonObject`', 'any JSON value, any JSON object'],
  ]
}

/** Reads the members of the `RunEvent` union; each begins with `|` at two spaces. */
function readEvents(source: string): readonly EventDoc[] {
  const union = /export type RunEvent =\n([\s\S]*?)\n\n/u.exec(source)?.[1] ?? ''
  const member = /(?: {2}\/\*\* ((?:(?!\*\/)[\s\S])*?) ?\*\/\n)? {2}\| \{([\s\S]*?)\n? ?\}(?=\n {2}[|/]|$)/gu
  return [...union.matchAll(member)].map(([, comment = '', body = '']) => readEvent(flatten(comment), body))
}

function readEvent(comment: string, body: string): EventDoc {
  const field = /(?:\/\*\* (.*?) ?\*\/\s*)?readonly (\w+)\??: ([^;\n]+)/gu
  const fields = [...body.matchAll(field)].map(
    ([, note = '', name = '', type = '']) => [name, type.trim(), flatten(note)] as const,
  )
  const type = fields.find(([name]) => name === 'type')
  if (!type) throw new Error(`an event without a type in src/events/events.ts: ${body}`)
  return { name: type[1].replaceAll("'", ''), comment, fields: fields.filter((entry) => entry !== type) }
}

function flatten(comment: string): string {
  return comment.replace(/\s*\n\s*\*\s?/gu, ' ').trim()
}
