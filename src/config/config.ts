import type { AnalysisPlan, MetricSource } from '../domain/health/analysis.ts'
import type { HealthCheck } from '../domain/health/health-check.ts'
import type { TriggerRule } from '../domain/health/trigger.ts'

/** What a check of the target does when it finds something. */
export type ValidationLevel = 'off' | 'warn' | 'block'
import type { BlueGreenConfig } from './blue-green-config.ts'
import type { LocationOf } from './location-of.ts'

/** `bagboy.yaml`, checked and with its defaults filled in. */
export interface Config {
  /** Absolute path of the file that was read. */
  readonly file: string
  /** The folder it stands in: `.bagboy/` is beside it. */
  readonly root: string
  /** sha256 of the file's bytes, hexadecimal. */
  readonly hash: string
  /** The Go tool's `name`. */
  readonly app: string
  /** The Go tool's `version`: what it publishes next. Empty when the file has none. */
  readonly version: string
  readonly environment: string
  /** What the file itself says, regardless of the requested environment. */
  readonly fileEnvironment: string
  /** `web-v${version}`: which git tags are of this application; `null` = named after it, or a version alone. */
  readonly releaseTag: string | null
  /** Keys that are given and change nothing, each with its place, in words. */
  readonly inert: readonly string[]
  readonly history: {
    /** Absolute. */
    readonly file: string
    readonly keep: number
    readonly keepHealthy: number
  }
  readonly rollback: {
    readonly hold: boolean
    readonly parallelism: number
    /** For one step. */
    readonly timeoutMs: number
    /** For one request or command of a driver; a late one is waited for as long. */
    readonly requestTimeoutMs: number
    /** So long the reads have to agree that prove what no write of ours was answered well for. */
    readonly settleWindowMs: number
    readonly requireReason: boolean
    readonly onPartialFailure: 'pause' | 'continue' | 'undo'
    readonly retry: {
      readonly attempts: number
      readonly backoffMs: number
      readonly maxBackoffMs: number
      readonly jitter: boolean
    }
  }
  readonly lock: {
    readonly ttlMs: number
    readonly heartbeatMs: number
    readonly waitMs: number
    /** On a git remote instead of in the project's folder; an empty `remote` is the origin of its repository. */
    readonly git?: { readonly remote: string; readonly refPrefix: string }
  }
  readonly registries: readonly RegistryConfig[]
  readonly health: {
    readonly checks: readonly HealthCheck[]
    /** Addresses of the copies of the application; `null` = not configured. */
    readonly slots: { readonly blue: string | null; readonly green: string | null; readonly preview: string | null }
    readonly sources: readonly MetricSource[]
    readonly analysis: AnalysisPlan
    readonly triggers: readonly TriggerRule[]
    readonly auto: {
      /** What is done when a trigger fires; `null` = the file does not say. */
      readonly mode: 'auto' | 'propose' | 'off' | null
      readonly countdownMs: number
      /** Since the last deployment. */
      readonly maxAutoRollbacks: number
      /** Since the last automatic rollback. */
      readonly cooldownMs: number
      readonly target: 'last_known_good' | 'previous'
      readonly requireHealthyTarget: boolean
      readonly compareWithBaseline: boolean
      /** How far back a target may lie; `null` = no limit. */
      readonly maxRevisions: number | null
      readonly maxAgeMs: number | null
    }
  }
  readonly validation: {
    /** `null` = none are run. Without command and url: the health checks that can probe the target. */
    readonly smokeTests: {
      readonly words: readonly string[] | null
      readonly url: string | null
      readonly against: 'preview' | 'active' | 'target'
      readonly timeoutMs: number
    } | null
    readonly dependencies: ValidationLevel
    readonly compatibility: {
      readonly level: ValidationLevel
      /** Prints the schema of the live data. */
      readonly schemaWords: readonly string[] | null
      readonly onUnknown: 'warn' | 'block' | 'pass'
    }
    readonly artifacts: {
      readonly checksums: ValidationLevel
      readonly signatures: ValidationLevel
      readonly attestations: ValidationLevel
    }
  }
  /** `null` = the file has no `blue_green`. */
  readonly blueGreen: BlueGreenConfig | null
}

/** One (format, registry) with the driver's own keys, not yet parsed by the driver. */
export interface RegistryConfig {
  readonly format: string
  readonly registry: string
  readonly options: Readonly<Record<string, unknown>>
  readonly locationOf: LocationOf
}
