import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openApp } from '../../../src/app.ts'
import type { Json, JsonObject } from '../../../src/domain/text/json.ts'
import { createNodePlatform } from '../../../src/platform/node/create-platform.ts'
import { cli, type CliResult } from '../../support/harness/cli-harness.ts'
import { anEdit } from '../../support/builders/edit-plan.ts'
import { writesIn } from '../../support/servers/fault-proxy.ts'
import { createProject, type Project } from '../../support/projects/project.ts'
import { fingerprint, writesOf } from '../../support/harness/project-traces.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

/** In `npm test`; more: BAGBOY_PLAN_EDITS=2000. */
const EDITS = Number(process.env['BAGBOY_PLAN_EDITS'] ?? 60)
/** Edited plan, stale plan, refused by a check; 4 is a file that is no plan. */
const REFUSED = [4, 5, 10]

let project: Project
let saved: JsonObject

beforeAll(async () => {
  project = await createProject('local')
  const { exitCode, stderr } = await run('rollback', 'v1.2.0', '--plan-out', 'plan.json')
  if (exitCode !== 0) throw new Error(stderr)
  saved = JSON.parse(readFileSync(join(project.root, 'plan.json'), 'utf8')) as JsonObject
}, 120_000)
afterAll(() => project.close())

/** In this process, with the drivers, the git program and the connections of the real one. */
function runIn(cwd: string, ...argv: readonly string[]): Promise<CliResult> {
  const node = createNodePlatform()
  const platform = { ...node, env: { ...node.env, ...project.env } }
  return cli(argv, { platform, cwd, openApp: (place) => openApp(platform, { ...place, cwd }) })
}

const run = (...argv: readonly string[]): Promise<CliResult> => runIn(project.root, ...argv)

async function apply(text: string): Promise<CliResult> {
  writeFileSync(join(project.root, 'plan.json'), text)
  return run('apply', 'plan.json', '--yes')
}

/** Words of the person who asks, and what checks said in words: neither decides what is sent. */
const WORDS: ReadonlySet<string> = new Set(['id', 'reason', 'incident', 'trigger', 'overrides', 'findings'])

/** What a plan says; a step that names no `isManual` is none of a person's, as in plans of older versions. */
function withoutWords(text: string): Json {
  const plan = JSON.parse(text, (key, value: unknown) =>
    key === 'isManual' && value === false ? undefined : value,
  ) as Json
  if (plan === null || typeof plan !== 'object' || Array.isArray(plan)) return plan
  return Object.fromEntries(Object.entries(plan).filter(([key]) => !WORDS.has(key)))
}

test(`${EDITS} random edits of a saved plan are refused by apply, and the four registries get nothing but reads`, async () => {
  const before = fingerprint(project)
  const untouched = JSON.stringify(withoutWords(JSON.stringify(saved)))
  const outcomes: Record<string, number> = {}
  let hasRead = false

  await fc.assert(
    fc.asyncProperty(anEdit, async (edit) => {
      const text = edit.apply(saved)
      fc.pre(text !== undefined)
      const isRepeated = edit.what === 'repeat a key'
      fc.pre(isRepeated || JSON.stringify(withoutWords(text)) !== untouched)

      const { exitCode, stderr } = await apply(text)

      outcomes[exitCode] = (outcomes[exitCode] ?? 0) + 1
      expect(writesOf(project), edit.what).toEqual([])
      expect(REFUSED, stderr).toContain(exitCode)
      expect(fingerprint(project), edit.what).toBe(before)
      hasRead ||= Object.values(project.registries.proxies).some(({ requests }) => requests.length > 0)
    }),
    { seed: 61, numRuns: EDITS, endOnFailure: true },
  )

  expect(outcomes[10]).toBeGreaterThan(EDITS / 2)
  expect(hasRead).toBe(true)
}, 600_000)

type CommitEdit = (input: JsonObject) => JsonObject

/** What a commit to a tap or a bucket may not do beside the one that is planned. */
const COMMITS: readonly (readonly [string, CommitEdit])[] = [
  ['a second file', ({ blob }) => ({ also: [{ path: 'README.md', blob: blob ?? null, expected: null }] })],
  ['a second formula', ({ blob }) => ({ also: [{ path: 'Formula/other.rb', blob: blob ?? null, expected: null }] })],
  ['a workflow', ({ blob }) => ({ also: [{ path: '.github/workflows/x.yml', blob: blob ?? null, expected: null }] })],
  ['another file', () => ({ path: 'Formula/other.rb' })],
  ['a path that leads out', () => ({ path: '../myapp.rb' })],
  ['another branch', () => ({ branch: 'release' })],
  ['another repository', ({ remote }) => ({ remote: (remote as string).replace('homebrew-tap', 'scoop-bucket') })],
  ['another content', ({ expected }) => ({ blob: expected ?? null })],
  ['a text of its own', () => ({ text: 'class Myapp < Formula\nend\n' })],
  ['the file taken out', () => ({ blob: null })],
]
const LISTS = ['actions', 'undo'] as const

test.each(COMMITS.flatMap(([what, edit]) => LISTS.map((list) => [what, list, edit] as const)))(
  '%s in the commit of a step (%s) is refused, and the repositories get nothing but reads',
  async (_what, list, edit) => {
    const branches = () => [project.registries.tap, project.registries.bucket].map((tap) => tap.git('for-each-ref'))
    const before = [fingerprint(project), branches()]
    const plan = structuredClone(saved) as unknown as { steps: { package: JsonObject; actions: JsonObject[] }[] }
    const step = plan.steps.find((one) => one.package['format'] === 'brew')
    const action = (step as unknown as Record<string, JsonObject[]> | undefined)?.[list]?.[0]
    if (!action) throw new Error(`the plan has no commit in ${list}`)
    const input = action['input'] as JsonObject
    Object.assign(input, edit(input))

    const { exitCode, stderr } = await apply(JSON.stringify(plan, null, 2))

    expect(exitCode, stderr).toBe(10)
    expect(stderr).toContain(`steps.brew:myapp@acme/homebrew-tap.${list}`)
    expect(writesOf(project)).toEqual([])
    expect([fingerprint(project), branches()]).toEqual(before)
  },
)

test.each([
  ['environment', 'staging', 'production'],
  ['app', 'another', 'myapp'],
])('the plan of another %s is refused, naming both', async (key, other, own) => {
  const { exitCode, stderr } = await apply(
    JSON.stringify({ ...saved, [key]: other, historyHash: 'of-another-history' }),
  )

  expect(exitCode, stderr).toBe(10)
  expect(stderr).toContain(`${key} is ${other}, and here it is ${own}`)
  expect(writesOf(project)).toEqual([])
})

test('the plan of another checkout with the same configuration is refused', async () => {
  const other = temporaryFolder('checkout')
  cpSync(join(project.root, 'bagboy.yaml'), join(other, 'bagboy.yaml'))
  writeFileSync(join(other, 'plan.json'), JSON.stringify(saved))
  for (const version of ['v1.2.0', 'v1.3.0']) {
    const recorded = await runIn(other, 'record', '--version', version, '--commit', 'def5678', '--yes')
    expect(recorded.exitCode, recorded.stderr).toBe(0)
  }

  const { exitCode, stderr } = await runIn(other, 'apply', 'plan.json', '--yes')

  expect(exitCode, stderr).toBe(10)
  expect(writesOf(project)).toEqual([])
}, 120_000)

test('the plan that nobody edited is carried out on all four registries', async () => {
  const { exitCode, stderr } = await apply(JSON.stringify(saved, null, 2))

  expect(exitCode, stderr).toBe(0)
  const { proxies } = project.registries
  expect(Object.values(proxies).map(({ requests }) => writesIn(requests).length > 0)).toEqual([true, true, true])
}, 120_000)
