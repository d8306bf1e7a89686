import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openApp } from '../../src/app.ts'
import type { Json, JsonObject } from '../../src/domain/json.ts'
import { createNodePlatform } from '../../src/platform/node/create-platform.ts'
import { cli, type CliResult } from '../support/cli-harness.ts'
import { anEdit } from '../support/edit-plan.ts'
import { writesIn } from '../support/fault-proxy.ts'
import { createProject, type Project } from '../support/project.ts'
import { fingerprint, writesOf } from '../support/project-traces.ts'

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
function run(...argv: readonly string[]): Promise<CliResult> {
  const node = createNodePlatform()
  const platform = { ...node, env: { ...node.env, ...project.env } }
  const cwd = project.root
  return cli(argv, { platform, cwd, openApp: (place) => openApp(platform, { ...place, cwd }) })
}

async function apply(text: string): Promise<CliResult> {
  writeFileSync(join(project.root, 'plan.json'), text)
  return run('apply', 'plan.json', '--yes')
}

/** Words of the person who asks, and what checks said in words: neither decides what is sent. */
const WORDS: ReadonlySet<string> = new Set(['id', 'reason', 'incident', 'trigger', 'overrides', 'findings'])

function withoutWords(text: string): Json {
  const plan = JSON.parse(text) as Json
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

test('the plan that nobody edited is carried out on all four registries', async () => {
  const { exitCode, stderr } = await apply(JSON.stringify(saved, null, 2))

  expect(exitCode, stderr).toBe(0)
  const { proxies } = project.registries
  expect(Object.values(proxies).map(({ requests }) => writesIn(requests).length > 0)).toEqual([true, true, true])
}, 120_000)
