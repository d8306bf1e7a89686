import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { SLOTS, type PerSlot, type Slot } from '../../../src/domain/traffic/traffic.ts'
import { projectConfig, startFourRegistries, type FourRegistries } from '../registries/four-registries.ts'
import { GIT_ENVIRONMENT, runClient, type ClientResult } from '../processes/run-client.ts'
import { countAnswers, startSlotServices, type SlotServices } from '../servers/slot-services.ts'
import { temporaryFolder } from '../temporary-folder.ts'

const BIN = join(import.meta.dirname, '../../../bin/bagboy-tui.ts')
const KILLER = join(import.meta.dirname, '../../chaos/kill-at-failpoint.ts')

/** What divides the requests, as a test of the whole program needs it. */
export interface ProjectBalancer {
  /** Where requests go in. */
  readonly url: string
  /** Keys of `blue_green.traffic`, `provider` first. */
  readonly options: Readonly<Record<string, unknown>>
  /** Moves everything from outside of the program; where that is not proved to be in force, a record asks. */
  moveByHand(slot: Slot): Promise<void>
  /** Default: what is moved by hand is proved as well. */
  readonly isUnprovedByHand?: boolean
  close(): Promise<void>
}

export interface TrafficProject<Balancer extends ProjectBalancer> {
  readonly root: string
  readonly balancer: Balancer
  readonly services: SlotServices
  /** `null`: nothing is published anywhere. */
  readonly registries: FourRegistries | null
  /** Which slot answered so many requests. */
  served(): Promise<PerSlot<number>>
  bagboy(...args: readonly string[]): Promise<ClientResult>
  /** As `bagboy`, and dies at the named moment as by `kill -9`. */
  bagboyUntil(failpoint: string, ...args: readonly string[]): Promise<void>
  /** Puts a version into a slot, gives it all the traffic, and records it. */
  deploy(version: string, slot: Slot): Promise<void>
  close(): Promise<void>
}

export interface TrafficProjectOptions<Balancer extends ProjectBalancer> {
  readonly start: (hosts: PerSlot<string>) => Promise<Balancer>
  /** Default: none. */
  readonly registries?: 'real' | 'local'
  /** Lines under `deployment:`, for the address where requests go in. */
  readonly deployment?: string | ((url: string) => string)
  /** Lines under `blue_green:`. */
  readonly blueGreen?: string
}

const ANSWERS = 20

/** v1.2.0 in blue, then v1.3.0 in green, which has all the traffic; both recorded by `bagboy-tui record`. */
export async function createTrafficProject<Balancer extends ProjectBalancer>(
  options: TrafficProjectOptions<Balancer>,
): Promise<TrafficProject<Balancer>> {
  const { start, registries: kind, deployment = '', blueGreen = '' } = options
  const services = await startSlotServices()
  const balancer = await start(services.hosts)
  const registries = kind === undefined ? null : await startFourRegistries(kind, temporaryFolder('project'))
  const root = temporaryFolder('checkout')
  const lines = typeof deployment === 'string' ? deployment : deployment(balancer.url)
  const own = `${lines}${blueGreenConfig(services.hosts, balancer, blueGreen)}`
  writeFileSync(join(root, 'bagboy.yaml'), `${registries ? projectConfig(registries) : ALONE}${own}`)
  const env = { ...GIT_ENVIRONMENT, ...registries?.env, NO_COLOR: '1' }
  const run = (args: readonly string[], more: Readonly<Record<string, string>> = {}) =>
    runClient(process.execPath, args, { cwd: root, env: { ...env, ...more }, timeoutMs: 120_000 })
  const project: TrafficProject<Balancer> = {
    root,
    balancer,
    services,
    registries,
    served: () => countAnswers(balancer.url, ANSWERS),
    bagboy: (...args) => run([BIN, ...args]),
    async bagboyUntil(failpoint, ...args) {
      const ended = await run(['--import', KILLER, BIN, ...args], { BAGBOY_TEST_KILL_AT: failpoint }).then(
        ({ exitCode, stderr }) => `${exitCode} ${stderr}`,
        (error: { readonly signal?: string }) => error.signal,
      )
      if (ended !== 'SIGKILL') throw new Error(`it did not die at ${failpoint} but ended with ${ended}`)
    },
    async deploy(version, slot) {
      await balancer.moveByHand(slot)
      await registries?.publish(version)
      const { exitCode, stderr } = await project.bagboy(
        'record',
        '--version',
        `v${version}`,
        '--commit',
        'abc1234',
        '--slot',
        slot,
        ...(balancer.isUnprovedByHand === true ? ['--yes'] : []),
      )
      if (exitCode !== 0) throw new Error(`record v${version} ended with ${exitCode}: ${stderr}`)
    },
    async close() {
      await balancer.close()
      await services.close()
      await registries?.close()
    },
  }
  await project.deploy('1.2.0', 'blue')
  await project.deploy('1.3.0', 'green')
  for (const proxy of Object.values(registries?.proxies ?? {})) proxy.forget()
  return project
}

/** Lines under `deployment:`. */
export function blueGreenConfig(
  { blue, green }: PerSlot<string>,
  { options }: Pick<ProjectBalancer, 'options'>,
  lines = '',
): string {
  return `  blue_green:
    blue:  { url: "http://${blue}" }
    green: { url: "http://${green}" }
${lines}    traffic: ${JSON.stringify(options)}
`
}

/** Everything one slot answered of what `served` asks. */
export function allAnswersFrom(slot: Slot): PerSlot<number> {
  const [blue, green] = SLOTS.map((each) => (each === slot ? ANSWERS : 0))
  return { blue: blue ?? 0, green: green ?? 0 }
}

/** `bagboy.yaml` of a project that is published nowhere. */
export const ALONE = `name: myapp
deployment:
  environment: production
  rollback:
    retry: { attempts: 2, backoff: 50ms, max_backoff: 200ms, jitter: false }
    timeout: 10s
    request_timeout: 3s
`
