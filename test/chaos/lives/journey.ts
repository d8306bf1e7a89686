import { spawn } from 'node:child_process'
import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { bundleProgram } from '../../support/harness/bundle-program.ts'
import { GOOD_NETWORK, type Network } from '../../support/registries/log-registry.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { checkScene } from './check-scene.ts'
import { openWorld, type LifeOptions, type Scenario } from './scene.ts'

/** One rollback that several processes work at, one after the other has died. */
export interface Journey {
  readonly scenario: Scenario
  readonly network: Network
  readonly parallelism: number
  readonly seed: number
  /** Failpoints, counted from 1, at which one process after the other is killed. */
  readonly kills: readonly number[]
}

export interface JourneyReport {
  /** How many processes were killed: one that comes by fewer failpoints than its number lives. */
  readonly killCount: number
  /** Names of the failpoints of the last process that lived. */
  readonly points: readonly string[]
  /** What is not as it must be. */
  readonly violations: readonly string[]
}

export interface Traveller {
  travel(journey: Journey): Promise<JourneyReport>
}

export interface Travelled {
  readonly journey: Journey
  readonly report: JourneyReport
}

/** Two at a time. */
export async function travelAll(traveller: Traveller, journeys: readonly Journey[]): Promise<readonly Travelled[]> {
  const waiting = [...journeys]
  const done: Travelled[] = []
  const work = async (): Promise<void> => {
    for (let journey = waiting.shift(); journey; journey = waiting.shift()) {
      done.push({ journey, report: await traveller.travel(journey) })
    }
  }
  await Promise.all([work(), work()])
  return done
}

/** A project to copy and a program to kill, made once. */
export async function createTraveller(): Promise<Traveller> {
  const folder = temporaryFolder('lives')
  const program = await bundleProgram(join(import.meta.dirname, 'life.ts'))
  const template = join(folder, 'template')
  await openWorld({ folder: template, scenario: 'commit', network: GOOD_NETWORK, seed: 1, parallelism: 1 })
  let count = 0
  return {
    async travel(journey) {
      count += 1
      const place = join(folder, `journey-${count}`)
      cpSync(template, place, { recursive: true })
      const report = await travel(journey, place, program)
      if (report.violations.length === 0) rmSync(place, { recursive: true })
      return report
    },
  }
}

async function travel(journey: Journey, folder: string, program: string): Promise<JourneyReport> {
  const { scenario, network, parallelism, seed, kills } = journey
  let [killCount, points]: [number, readonly string[]] = [0, []]
  for (const [index, killAt] of [...kills, ...(kills.length === 0 ? [null] : [])].entries()) {
    const options = { folder, scenario, network, parallelism, seed: seed * 31 + index, killAt, isFirst: index === 0 }
    const lived = await live(program, options)
    if (lived === undefined) killCount += 1
    else points = lived
  }
  return { killCount, points, violations: await checkScene(folder, journey) }
}

/** @returns the failpoints it came by; `undefined` when it was killed */
function live(program: string, options: LifeOptions): Promise<readonly string[] | undefined> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, JSON.stringify(options)], { stdio: ['ignore', 'pipe', 'pipe'] })
    const printed = { stdout: '', stderr: '' }
    child.stdout.setEncoding('utf8').on('data', (text: string) => (printed.stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (printed.stderr += text))
    child.on('error', reject)
    child.on('close', (code, signal) => {
      if (signal === 'SIGKILL' && options.killAt !== null) return resolve(undefined)
      if (code !== 0)
        return reject(new Error(`${JSON.stringify(options)} ended with ${signal ?? code}: ${printed.stderr}`))
      resolve((JSON.parse(printed.stdout) as { readonly points: readonly string[] }).points)
    })
  })
}
