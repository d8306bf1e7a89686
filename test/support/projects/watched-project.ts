import type { Config } from '../../../src/config/config.ts'
import type { WatchHandle, WatchOutcome, WatchRequest } from '../../../src/engine/watch/watch.ts'
import { BagboyError } from '../../../src/errors/bagboy-error.ts'
import type { StampedWatch } from '../../../src/events/watch-events.ts'
import type { HttpRequest, HttpResponse, Platform } from '../../../src/platform/platform.ts'
import { anHttpCheck } from '../builders/a-probe.ts'
import { aConfig } from '../harness/cli-harness.ts'
import type { EagerClock } from '../clocks/eager-clock.ts'
import { eagerPlatform } from '../clocks/eager-platform.ts'
import { createEngineFixture, type EngineFixture } from '../engine/engine-fixture.ts'
import { failures } from '../builders/health-facts.ts'
import { createMemoryWorld } from '../registries/memory-driver.ts'
import { NO_HEALTH } from '../engine/no-health.ts'

/** A service that runs the version the registries point at, and serves every version under its own path. */
export interface WatchedProject extends EngineFixture {
  readonly clock: EagerClock
  readonly platform: Platform
  /** As the command line is told it. */
  readonly config: Config
  /** Versions that answer 500, bare. */
  readonly bad: Set<string>
  /** No probe gets an answer: no name server. */
  readonly outage: { isOn: boolean }
  /** Called before every answer: how many requests there were. */
  readonly onRequest: { hook: (count: number) => void }
  readonly asked: string[]
}

const LIVE = anHttpCheck('http://service/health', { name: 'login' })
const BY_VERSION = anHttpCheck('http://service/${version}/health', { name: 'version', target: 'preview' })

/** v1.3.0 is live; three failing rounds of `login` trigger, `version` asks the target. */
export async function aWatchedProject(
  health: Partial<Config['health']> = {},
  { platform }: { readonly platform?: (base: Platform) => Partial<Platform> } = {},
): Promise<WatchedProject> {
  const base = eagerPlatform()
  const world = createMemoryWorld('v1.3.0', base.clock)
  const bad = new Set<string>()
  const outage = { isOn: false }
  const asked: string[] = []
  const onRequest: WatchedProject['onRequest'] = { hook: () => undefined }
  const http = (request: HttpRequest): Promise<HttpResponse> => {
    asked.push(request.url)
    onRequest.hook(asked.length)
    if (outage.isOn) {
      const details = { code: 'ENOTFOUND' }
      return Promise.reject(new BagboyError('REGISTRY_UNREACHABLE', 'service: no answer', { details }))
    }
    const live = world.registry('one').tags.latest.slice(1)
    const version = /\/(\d+\.\d+\.\d+)\//u.exec(request.url)?.[1] ?? live
    return Promise.resolve({ status: bad.has(version) ? 500 : 200, headers: {}, body: new Uint8Array() })
  }
  const whole = { ...base, http, ...platform?.(base) }
  const watched: Config['health'] = {
    ...NO_HEALTH.health,
    checks: [LIVE, BY_VERSION],
    triggers: [{ number: 1, conditions: [failures(3)] }],
    ...health,
  }
  const fixture = await createEngineFixture({ world, platform: whole, health: watched })
  const config = { ...aConfig(), health: watched }
  return { ...fixture, clock: base.clock, platform: whole, config, bad, outage, asked, onRequest }
}

/** The settings of `rollback:` with some of them changed. */
export const auto = (parts: Partial<Config['health']['auto']>): Pick<Config['health'], 'auto'> => ({
  auto: { ...NO_HEALTH.health.auto, ...parts },
})

export const watching = (parts: Partial<WatchRequest> = {}): WatchRequest => ({
  until: 'decided',
  mode: 'auto',
  hasOperator: false,
  endsWithDecision: true,
  reason: '',
  incident: '',
  ...parts,
})

export interface Watched extends WatchOutcome {
  readonly events: readonly StampedWatch[]
  /** Phases, from the first one on. */
  readonly phases: readonly string[]
}

/** Reads a watch to its end; `onEvent` may ask something of it. */
export async function watchToEnd(
  handle: WatchHandle,
  onEvent: (event: StampedWatch, handle: WatchHandle) => void = () => undefined,
): Promise<Watched> {
  const events: StampedWatch[] = []
  for await (const event of handle) {
    events.push(event)
    onEvent(event, handle)
  }
  const outcome = await handle.result
  const changes = events.filter((event) => event.type === 'phase.changed')
  const phases = [...changes.slice(0, 1).map(({ from }) => from), ...changes.map(({ to }) => to)]
  return { ...outcome, events, phases }
}
