import type { DeployStage } from '../domain/traffic/deploy-plan.ts'
import type { Startup } from '../domain/health/health-check.ts'
import { splitWords } from '../domain/text/split-words.ts'
import { perSlot, type PerSlot, type Slot } from '../domain/traffic/traffic.ts'
import type { BlueGreenBlock } from './schema/blue-green.ts'
import type { LocationOf } from './location-of.ts'

/** `blue_green` of bagboy.yaml, with its defaults. */
export interface BlueGreenConfig {
  /** The address at which each copy of the application is probed; `null` = the file gives none. */
  readonly slots: PerSlot<{ readonly url: string | null; readonly label: string }>
  readonly autoPromote: boolean
  readonly autoPromoteAfterMs: number
  /** How long the slot that lost its traffic stays up. */
  readonly keepPreviousMs: number
  /** What brings a version into a slot; `null` = something outside of this program. */
  readonly deploy: {
    readonly words: readonly string[]
    /** Names of variables it gets. */
    readonly env: readonly string[]
    readonly timeoutMs: number
  } | null
  /** How long sessions on a slot that lost its traffic may go on before they are ended; `null` = as long as they like. */
  readonly drainMs: number | null
  /** What a new slot gets until its first passing round, where a check says nothing of its own. */
  readonly startup: Startup
  readonly traffic: TrafficConfig | null
}

export interface TrafficConfig {
  readonly provider: string
  /** The provider's own keys, not yet parsed by it. */
  readonly options: Readonly<Record<string, unknown>>
  readonly locationOf: LocationOf
  readonly steps: readonly TrafficStep[]
  readonly onFailure: 'revert' | 'pause'
}

/** One line of a gradual migration. */
export type TrafficStep =
  | Extract<DeployStage, { kind: 'weight' | 'pause' }>
  | { readonly kind: 'analysis'; readonly checks: readonly string[] }

/** Pure. */
export function blueGreenOf(block: BlueGreenBlock | undefined, locationOf: LocationOf): BlueGreenConfig | null {
  if (!block) return null
  return {
    slots: perSlot((slot) => slotOf(block, slot)),
    autoPromote: block.auto_promote,
    autoPromoteAfterMs: block.auto_promote_after,
    keepPreviousMs: block.keep_previous,
    deploy: block.deploy ? deployOf(block.deploy) : null,
    drainMs: block.drain ?? null,
    startup: { timeoutMs: block.startup.timeout, intervalMs: block.startup.interval },
    traffic: block.traffic ? trafficOf(block.traffic, locationOf) : null,
  }
}

function deployOf({ command, env, timeout }: NonNullable<BlueGreenBlock['deploy']>): BlueGreenConfig['deploy'] {
  const words = typeof command === 'string' ? (splitWords(command).words ?? []) : command
  return { words, env, timeoutMs: timeout }
}

function slotOf(block: BlueGreenBlock, slot: Slot): { readonly url: string | null; readonly label: string } {
  const given = block[slot]
  return { url: given?.url ?? null, label: given?.label ?? slot }
}

function trafficOf(block: NonNullable<BlueGreenBlock['traffic']>, locationOf: LocationOf): TrafficConfig {
  const { provider, steps, on_failure: onFailure, ...options } = block
  return { provider, options, locationOf, steps: steps.map(stepOf), onFailure }
}

function stepOf({ weight, pause, analysis }: NonNullable<BlueGreenBlock['traffic']>['steps'][number]): TrafficStep {
  if (weight !== undefined) return { kind: 'weight', percent: weight }
  if (analysis !== undefined) return { kind: 'analysis', checks: typeof analysis === 'string' ? [analysis] : analysis }
  if (typeof pause === 'number') return { kind: 'pause', ms: pause, onTimeout: 'go-on' }
  return { kind: 'pause', ms: pause?.timeout ?? null, onTimeout: pause?.on_timeout ?? 'wait' }
}
