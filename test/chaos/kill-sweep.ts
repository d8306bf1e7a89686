import { spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { openApp } from '../../src/app.ts'
import type { Engine } from '../../src/engine/engine.ts'
import { createNodePlatform } from '../../src/platform/node/create-platform.ts'
import { anHourLater } from '../support/clocks/an-hour-later.ts'
import { defaultApprover } from '../support/engine/engine-fixture.ts'
import { createProject } from '../support/projects/project.ts'
import { readPointers } from '../support/registries/registry-pointers.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const DOOMED = join(import.meta.dirname, 'doomed-run.ts')

export interface KillPoint {
  /** Counted from 1. */
  readonly record: number
  /** Before it is written, or when it is durable. */
  readonly moment: 'before' | 'after'
}

export interface KillSweep {
  /** Rolls back without a kill, then undoes it: the two states every killed run is held against. */
  runUninterrupted(): Promise<{ readonly initial: unknown; readonly wanted: unknown; readonly recordCount: number }>
  /** @returns the signal that ended the process */
  killAt(point: KillPoint): Promise<string>
  /** Takes the open run up, if there is one. @returns pointers and history afterwards */
  resume(): Promise<unknown>
  /** Takes the newest rollback back. @returns the pointers afterwards */
  undo(): Promise<unknown>
  close(): Promise<void>
}

export async function createKillSweep(): Promise<KillSweep> {
  const project = await createProject('local', { versions: ['1.2.0', '1.3.0'] })
  const platform = createNodePlatform()
  const env = { ...process.env, ...project.env }
  const { engine } = await openApp({ ...platform, env, clock: anHourLater(platform.clock) }, { cwd: project.root })
  const compileCache = temporaryFolder('compile-cache')

  const doomed = (record: number, moment: string) =>
    end([DOOMED, project.root, 'rollback', 'v1.2.0', String(record), moment], {
      ...project.env,
      NODE_COMPILE_CACHE: compileCache,
    })
  const undo = async () => {
    const newest = (await engine.runs()).find(({ kind, isOpen }) => kind === 'rollback' && !isOpen)
    await expectDone(engine.undo(newest?.id ?? '', defaultApprover, 'next round').result)
    return readPointers(project.registries)
  }
  return {
    async runUninterrupted() {
      const initial = await readPointers(project.registries)
      const ended = await doomed(0, 'after')
      if (ended !== 'exit 0') throw new Error(`the uninterrupted run ended with ${ended}`)
      const wanted = { pointers: await readPointers(project.registries), history: await historyOf(engine) }
      const closed = join(project.root, '.bagboy/runs/closed')
      const journal = readFileSync(join(closed, readdirSync(closed)[0] ?? '', 'journal.jsonl'), 'utf8')
      await undo()
      return { initial, wanted, recordCount: journal.trim().split('\n').length }
    },
    killAt: ({ record, moment }) => doomed(record, moment),
    async resume() {
      const open = (await engine.runs()).find(({ isOpen }) => isOpen)
      if (open) await expectDone(engine.resume(open.id, defaultApprover).result)
      return { pointers: await readPointers(project.registries), history: await historyOf(engine) }
    },
    undo,
    close: () => project.close(),
  }
}

async function expectDone(result: Promise<{ readonly exitCode: number; readonly result: string }>): Promise<void> {
  const { exitCode, result: word } = await result
  if (exitCode !== 0) throw new Error(`ended ${word} with ${exitCode}`)
}

function end(args: readonly string[], env: Readonly<Record<string, string>>): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let printed = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => (printed += text))
    child.on('error', reject)
    child.on('close', (code, signal) => resolve(signal ?? (code === 0 ? 'exit 0' : `exit ${code}: ${printed}`)))
  })
}

/** What a run leaves in the history, without its times and ids. */
async function historyOf(engine: Engine): Promise<unknown> {
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
