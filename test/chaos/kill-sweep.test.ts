import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openApp } from '../../src/app.ts'
import type { Engine } from '../../src/engine/engine.ts'
import { createNodePlatform } from '../../src/platform/node/create-platform.ts'
import { defaultApprover } from '../support/engine-fixture.ts'
import { APP } from '../support/four-registries.ts'
import { createProject, type Project } from '../support/project.ts'
import { readTagDigest } from '../support/publish-image.ts'
import { runClient } from '../support/run-client.ts'

const DOOMED = join(import.meta.dirname, 'doomed-run.ts')
/** Of a four-registry run; the sweep must not become smaller unseen. */
const FEWEST_RECORDS = 30

let project: Project
beforeAll(async () => {
  project = await createProject('local', { versions: ['1.2.0', '1.3.0'] })
})
afterAll(() => project.close())

/** Everything the rollback may move, byte for byte. */
async function pointers(): Promise<unknown> {
  const { image, packages, tap, bucket } = project.registries
  const packument = (await (await fetch(`${packages.url}/${APP}`)).json()) as {
    'dist-tags': unknown
    versions: Readonly<Record<string, { readonly deprecated?: string }>>
  }
  return {
    docker: await Promise.all(['latest', 'stable', '1.2.0', '1.3.0'].map((tag) => readTagDigest(image, tag))),
    npm: packument['dist-tags'],
    deprecated: Object.entries(packument.versions).map(([version, { deprecated }]) => [version, deprecated]),
    brew: tap.read(`Formula/${APP}.rb`),
    scoop: bucket.read(`bucket/${APP}.json`),
  }
}

async function open(): Promise<Engine> {
  const platform = createNodePlatform()
  const { engine } = await openApp({ ...platform, env: { ...process.env, ...project.env } }, { cwd: project.root })
  return engine
}

/** Runs the rollback in a process of its own, killed at a record; 0 = not at all. */
async function doomedRollback(record: number, moment: 'before' | 'after') {
  const args = [DOOMED, project.root, 'rollback', 'v1.2.0', String(record), moment]
  return runClient(process.execPath, args, { env: { ...project.env }, timeoutMs: 60_000 }).catch((error: unknown) => {
    // execFile reports a process that ended by a signal as an error without an exit code.
    if (error instanceof Error && 'signal' in error && error.signal === 'SIGKILL') return null
    throw error
  })
}

/** What a run leaves in the history, without its times and ids. */
async function historyAfter(engine: Engine): Promise<unknown> {
  const { history } = await engine.overview()
  const [newest, left] = history.deployments
  return {
    held: history.held.map(({ version, reason }) => ({ version, reason })),
    newest: newest && {
      kind: newest.kind,
      version: newest.version,
      status: newest.status,
      packages: newest.packages.map(({ format, status, ref, before }) => ({ format, status, ref, before })),
    },
    left: left && { version: left.version, status: left.status },
  }
}

async function undoNewest(engine: Engine): Promise<void> {
  const [run] = (await engine.runs()).filter(({ kind, isOpen }) => kind === 'rollback' && !isOpen)
  const { exitCode } = await engine.undo(run?.id ?? '', defaultApprover, 'next round').result
  expect(exitCode).toBe(0)
}

test(
  'killed at any journal record, resume reaches the state of the uninterrupted run and undo restores every pointer',
  { timeout: 900_000 },
  async () => {
    const engine = await open()
    const initial = await pointers()
    expect((await doomedRollback(0, 'after'))?.exitCode).toBe(0)
    const wanted = { pointers: await pointers(), history: await historyAfter(engine) }
    const [run = ''] = readdirSync(join(project.root, '.bagboy/runs/closed'))
    const recordCount = readFileSync(join(project.root, '.bagboy/runs/closed', run, 'journal.jsonl'), 'utf8').trim().split('\n').length
    expect(recordCount).toBeGreaterThanOrEqual(FEWEST_RECORDS)
    await undoNewest(engine)
    expect(await pointers()).toEqual(initial)

    for (let record = 1; record <= recordCount; record += 1) {
      for (const moment of ['before', 'after'] as const) {
        const place = `${moment} record ${record} of ${recordCount}`
        expect(await doomedRollback(record, moment), place).toBeNull()

        const [open] = (await engine.runs()).filter(({ isOpen }) => isOpen)
        if (open) expect((await engine.resume(open.id, defaultApprover).result).exitCode, place).toBe(0)
        expect(await pointers(), place).toEqual(wanted.pointers)
        expect(await historyAfter(engine), place).toEqual(wanted.history)

        await undoNewest(engine)
        expect(await pointers(), place).toEqual(initial)
      }
    }
  },
)
