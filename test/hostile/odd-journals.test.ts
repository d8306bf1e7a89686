import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openApp } from '../../src/app.ts'
import type { Json } from '../../src/domain/text/json.ts'
import { projectDeploy } from '../../src/events/project-deploy.ts'
import { projectRun, type RunView } from '../../src/events/project-run.ts'
import type { StampedDeploy } from '../../src/events/deploy-events.ts'
import type { Stamped } from '../../src/events/events.ts'
import { CHAIN_START, formatJournalLine } from '../../src/journal/journal-line.ts'
import { createNodePlatform } from '../../src/platform/node/create-platform.ts'
import { aPlan } from '../support/builders/a-plan.ts'
import { cli } from '../support/harness/cli-harness.ts'
import { runEvents } from '../support/builders/run-events.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { keyOf } from '../support/test-keys.ts'

const plan = aPlan()
const EVENTS = runEvents(plan, 'complete', ['npm']) as unknown as readonly Json[]

/** A project with a run that a stranger wrote: well chained and signed, and every record says what they like. */
function aProjectWith(events: readonly Json[]) {
  const root = temporaryFolder('odd-journal')
  const folder = join(root, '.bagboy/runs', plan.id)
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(root, 'bagboy.yaml'), 'name: app\nversion: 1.1.0\n')
  writeFileSync(join(folder, 'plan.json'), JSON.stringify(plan))
  const key = keyOf('b')
  let previous = CHAIN_START
  const lines = events.map((event) => {
    const signHash = (hash: string) => ({ key: key.id, value: key.sign(hash) })
    const { text, hash } = formatJournalLine(event as unknown as Stamped, previous, signHash)
    previous = hash
    return text
  })
  writeFileSync(join(folder, 'journal.jsonl'), `${lines.join('\n')}\n`)
  const platform = createNodePlatform()
  return (...argv: readonly string[]) =>
    cli(argv, { platform, cwd: root, openApp: (place) => openApp(platform, { ...place, cwd: root }) })
}

type Path = readonly (string | number)[]

function pathsIn(value: Json, path: Path = []): readonly Path[] {
  if (value === null || typeof value !== 'object') return [path]
  return [path, ...Object.entries(value).flatMap(([key, inner]) => pathsIn(inner, [...path, key]))]
}

function changed(value: Json, [key, ...rest]: Path, to: Json): Json {
  if (key === undefined) return to
  const holder = value as Record<string, Json>
  if (Array.isArray(value)) return value.map((one: Json, at) => (at === Number(key) ? changed(one, rest, to) : one))
  return { ...holder, [key]: changed(holder[key] ?? null, rest, to) }
}

const OTHER: readonly Json[] = [null, 0, -1, 1e300, '', 'x', true, [], {}, [null], { a: {} }, '\u001b[2J']
/** What places a record: wrong ones are damage of the chain, which has its own tests. */
const PLACES = new Set(['run', 'seq'])

test('a record of a stranger that holds something else than its kind ends no command with a fault of the program', async () => {
  const paths = EVENTS.flatMap((event, at) => pathsIn(event, [at])).filter(
    (path) => path.length > 1 && !PLACES.has(String(path[1])),
  )
  let damagedCount = 0

  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...paths), fc.constantFrom(...OTHER), async (path, other) => {
      const events = changed(EVENTS, path, other) as readonly Json[]
      const run = aProjectWith(events)
      for (const argv of [['runs', 'list'], ['runs', 'show', plan.id], ['status'], ['history', 'verify']]) {
        const { exitCode, stdout, stderr } = await run(...argv)
        expect([0, 4], `${path.join('.')} ${JSON.stringify(other)} ${argv.join(' ')} ${stderr}`).toContain(exitCode)
        if (argv[1] === 'list') damagedCount += /damaged/u.test(stdout) ? 1 : 0
      }
    }),
    { seed: 5, numRuns: Number(process.env['BAGBOY_JOURNAL_EDITS'] ?? 150), endOnFailure: true },
  )

  expect(damagedCount).toBeGreaterThan(30)
}, 120_000)

test('a record of a kind that a newer version has is passed over', async () => {
  const [first, ...rest] = EVENTS
  const newer = [first, ...rest].map((event, at) =>
    at === 3 ? { ...(event as object), type: 'step.thought', about: { everything: [] } } : event,
  ) as readonly Json[]

  const shown = await aProjectWith(newer)('runs', 'list')
  const view = (newer as unknown as readonly Stamped[]).reduce<RunView | undefined>(projectRun, undefined)

  expect([shown.exitCode, shown.stdout]).toEqual([0, expect.not.stringContaining('damaged')])
  expect(view?.result).toBe('complete')
})

test('the fold of a deploy passes over a kind that a newer version has', () => {
  const unknown = { type: 'slot.warmed', run: 'x', seq: 2, at: '' } as unknown as StampedDeploy
  const started = {
    type: 'deploy.started',
    plan: { stages: [], before: { blue: 100, green: 0 } },
    epoch: 1,
    actor: {},
    tool: '',
    run: 'x',
    seq: 1,
    at: '',
  } as unknown as StampedDeploy

  expect(projectDeploy(projectDeploy(undefined, started), unknown)).toMatchObject({ id: 'x', lastSeq: 2, stages: [] })
})
