import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { openApp } from '../../src/app.ts'
import type { Engine } from '../../src/engine/engine.ts'
import { createNodePlatform } from '../../src/platform/node/create-platform.ts'
import { anHourLater } from '../support/clocks/an-hour-later.ts'
import { builtProgram, startProgram, type RunningProgram } from '../support/harness/built-program.ts'
import { writesIn } from '../support/servers/fault-proxy.ts'
import { createProject } from '../support/projects/project.ts'
import { readPointers, type RegistryPointers } from '../support/registries/registry-pointers.ts'

/** A project that is rolled back and undone in turn, by the program in a process of its own. */
export interface InterruptedRuns {
  /** Of somebody else, on the same folder. */
  readonly engine: Engine
  /** Starts what leads to the other end: a rollback, or the undo of the last one. Prints its events. */
  start(): Promise<RunningProgram>
  /** Records of an uninterrupted run. */
  readonly recordCount: number
  /** Which end the registries are at, and the history says so: `v1.2.0` or `v1.3.0`; else what is wrong. */
  where(): Promise<string>
  /** Every write an HTTP registry took, and every commit a branch got, since this was last asked. */
  newEffects(): { readonly writes: readonly string[]; readonly commitCount: number }
  close(): Promise<void>
}

const LOCK = '  lock: { ttl: 300ms, heartbeat: 60ms }\n'
const GOOD = 'v1.2.0'

export async function createInterruptedRuns(): Promise<InterruptedRuns> {
  const program = builtProgram('bagboy-tui')
  const project = await createProject('local', { versions: ['1.2.0', '1.3.0'] })
  appendFileSync(join(project.root, 'bagboy.yaml'), LOCK)
  const platform = createNodePlatform()
  const env = { ...process.env, ...project.env }
  const { engine } = await openApp({ ...platform, env, clock: anHourLater(platform.clock) }, { cwd: project.root })
  const ends = new Map<string, RegistryPointers>([['v1.3.0', await readPointers(project.registries)]])
  const active = async () => (await engine.overview()).active

  const start = async (): Promise<RunningProgram> => {
    const live = await active()
    const argv = live?.version === GOOD ? ['runs', 'undo', live.run ?? ''] : ['rollback', GOOD]
    return startProgram(program, [...argv, '--yes', '--reason', 'chaos', '-o', 'ndjson'], {
      cwd: project.root,
      env: project.env,
    })
  }
  const toEnd = async (): Promise<number> => {
    const { exitCode, stdout, stderr } = await (await start()).finished
    if (exitCode !== 0) throw new Error(`an uninterrupted run ended with ${exitCode}: ${stderr}`)
    return stdout.trim().split('\n').length
  }

  const recordCount = await toEnd()
  ends.set(GOOD, await readPointers(project.registries))
  await toEnd()
  const { tap, bucket } = project.registries
  const countCommits = () => [tap, bucket].reduce((sum, { git }) => sum + Number(git('rev-list', '--count', 'main')), 0)
  let commitCount = countCommits()
  return {
    engine,
    start,
    recordCount,
    async where() {
      const pointers = JSON.stringify(await readPointers(project.registries))
      const version = (await active())?.version ?? 'nothing'
      if (JSON.stringify(ends.get(version)) === pointers) return version
      const found = [...ends].find(([, end]) => JSON.stringify(end) === pointers)?.[0]
      return `the history says ${version}, the registries are at ${found ?? pointers}`
    },
    newEffects() {
      const { docker, npm } = project.registries.proxies
      const writes = [docker, npm].flatMap((proxy) => {
        const taken = proxy.requests.filter(({ applied, status }) => applied && status !== null && status < 300)
        proxy.forget()
        return writesIn(taken)
      })
      const before = commitCount
      commitCount = countCommits()
      return { writes, commitCount: commitCount - before }
    },
    close: () => project.close(),
  }
}
