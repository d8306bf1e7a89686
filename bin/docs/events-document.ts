import { markdownDocument, markdownTable } from './markdown.ts'

interface EventDoc {
  readonly name: string
  readonly comment: string
  readonly fields: readonly (readonly [name: string, type: string, comment: string])[]
}

/** The same for the events of a watch. */
export function watchEventsDocument(source: string): string {
  return markdownDocument('Events of a watch', 'src/events/watch-events.ts', [
    'A watch reports the health of a release only through these events: `health -o ndjson` and\n`rollback --auto -o ndjson` print them, and the app is drawn from them. Each has `watch` (the id of the watch), `seq`\n(from 1, without gaps) and `at` (RFC 3339, UTC). A run that follows from it has [its own events](events.md).',
    'Names and fields are stable: a release may add events and fields, but never renames, removes or retypes one. Ignore\nevents and fields that you do not know. Texts for people inside a payload (`detail`, `evidence`, `why`, `note`) may change.',
    ...readEvents(source, 'WatchEvent').map(eventPart),
    `## Types\n\n${markdownTable(
      ['Type', 'Is'],
      [
        ['`HealthSample`', 'one round: verdict, latency, attempts, the request and the answer'],
        ['`Measurement`', 'one value of a metric source; `value` is `null` without data'],
        ['`RuleState`', '`{ number, result, conditions }` of an `auto_trigger` item; `result` is `met`, `not-met`, `inconclusive`'],
        ['`ErrorReport`', '`{ code, message, hint, details }`; codes in [errors.md](errors.md)'],
        ['`RollbackPlan`', 'a saved plan: src/domain/plan.ts'],
      ],
    )}`,
  ])
}

/** The same for the events of a deploy. */
export function deployEventsDocument(source: string): string {
  return markdownDocument('Events of a deploy', 'src/events/deploy-events.ts', [
    'A deploy, and a manual move of traffic, reports itself only through these events: `deploy -o ndjson` and\n`traffic … -o ndjson` print them, the journal under `.bagboy/deploys/` keeps them, and the app is drawn from them. Each has\n`run` (the id of the deploy), `seq` (from 1, without gaps) and `at` (RFC 3339, UTC).',
    'Names and fields are stable: a release may add events and fields, but never renames, removes or retypes one. Ignore\nevents and fields that you do not know. Texts for people inside a payload (`detail`, `evidence`, `reason`, `summary`) may change.',
    ...readEvents(source, 'DeployEvent').map(eventPart),
    `## Types\n\n${markdownTable(
      ['Type', 'Is'],
      [
        ['`DeployPlan`, `DeployCommand`', 'the stages of the deploy; the commands that it accepts: src/domain/traffic/deploy-plan.ts'],
        ['`DeployResult`', '`promoted`, `shifted`, `reverted`, `refused`, `aborted`, `left`'],
        ['`DeployQuestion`', '`{ kind, detail, choices, error }`: the decision that a person has to make, and the commands that answer it'],
        ['`StageResult`', '`passed`, `failed`, `inconclusive`, `skipped`'],
        ['`TrafficSplit`', '`{ blue, green }`, whole percent'],
        ['`SlotStates`', '`{ blue, green }`, each `up`, `down`, `stopped`, `unknown`'],
        ['`HealthSample`, `Measurement`, `AnalysisProgress`', '[watch-events.md](watch-events.md)'],
        ['`LockClaim`, `JsonObject`', '[events.md](events.md)'],
        ['`ErrorReport`', '`{ code, message, hint, details }`; codes in [errors.md](errors.md)'],
      ],
    )}`,
  ])
}

function eventPart({ name, comment, fields }: EventDoc): string {
  const rows = fields.map(([field, type, note]) => [`\`${field}\``, `\`${type}\``, note])
  const table = rows.length === 0 ? 'No payload.' : markdownTable(['Field', 'Type', ''], rows)
  return [`## \`${name}\``, ...(comment === '' ? [] : [comment]), table].join('\n\n')
}

/** Names, payloads and docstrings of the events, read from their declaration. */
export function eventsDocument(source: string): string {
  const parts = readEvents(source, 'RunEvent').map(eventPart)
  return markdownDocument('Events of a run', 'src/events/events.ts', [
    'A run reports itself only through these events: `-o ndjson` prints them, the journal keeps them, and the app is\ndrawn from them. Each has `run` (the id of the run), `seq` (from 1, without gaps) and `at` (RFC 3339, UTC).',
    'Names and fields are stable: a release may add events and fields, but never renames, removes or retypes one. Ignore\nevents and fields that you do not know. Texts for people inside a payload (`label`, `detail`, `summary`, `message`) may change.',
    ...parts,
    WATCH,
    `## Types\n\n${markdownTable(['Type', 'Is'], readTypes(source))}`,
  ])
}

const WATCH = `## Events of a watch

\`status --watch -o ndjson\` prints changes between two reads of the registries; the app shows the same and rings the bell.
Each has \`at\`, \`package\` (\`format\`, \`registry\`, \`name\`), \`expected\` and \`serving\`, both bare versions.

${markdownTable(
  ['Event', 'When'],
  [
    ['`hold.violated`', 'a held version is served again'],
    ['`drift.detected`', 'a registry does not serve the live version'],
    ['`drift.cleared`', 'neither is true any more'],
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

/** Reads the members of a union of events; each begins with `|` at two spaces. */
function readEvents(source: string, name: string): readonly EventDoc[] {
  const [, after = ''] = source.split(`export type ${name} =\n`)
  const [union = ''] = after.split('\n\n')
  const member = /(?: {2}\/\*\* ((?:(?!\*\/)[\s\S])*?) ?\*\/\n)? {2}\| \{([\s\S]*?)\n? ?\}(?=\n {2}[|/]|$)/gu
  return [...union.matchAll(member)].map(([, comment = '', body = '']) => readEvent(flatten(comment), body))
}

function readEvent(comment: string, body: string): EventDoc {
  const field = /(?:\/\*\* (.*?) ?\*\/\s*)?readonly (\w+)\??: ([^;\n]+)/gu
  const fields = [...body.matchAll(field)].map(
    ([, note = '', name = '', type = '']) => [name, type.trim(), flatten(note)] as const,
  )
  const type = fields.find(([name]) => name === 'type')
  if (!type) throw new Error(`an event without a type: ${body}`)
  return { name: type[1].replaceAll("'", ''), comment, fields: fields.filter((entry) => entry !== type) }
}

function flatten(comment: string): string {
  return comment.replace(/\s*\n\s*\*\s?/gu, ' ').trim()
}
