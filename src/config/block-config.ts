import { resolve } from 'node:path'
import { blueGreenOf } from './blue-green-config.ts'
import type { Config } from './config.ts'
import { healthOf } from './health-config.ts'
import type { DeploymentBlock } from './schema/deployment.ts'
import { mergedValidation, validationOf } from './validation-config.ts'
import type { LocationOf } from './location-of.ts'

interface BlockFacts {
  /** The folder of `bagboy.yaml`. */
  readonly root: string
  /** Where the keys below a path of the block stand. */
  readonly locationsUnder: (path: readonly (string | number)[]) => LocationOf
}

type BlockConfig = Omit<Config, 'file' | 'root' | 'hash' | 'app' | 'version' | 'environment' | 'inert'>

/** Everything that the `deployment` block says; a test holds that it reads every key of the schema. Pure. */
export function blockConfig(block: DeploymentBlock, { root, locationsUnder }: BlockFacts): BlockConfig {
  return {
    fileEnvironment: block.environment,
    releaseTag: block.release_tag ?? null,
    history: {
      file: resolve(root, block.history.file),
      keep: block.history.keep,
      keepHealthy: block.history.keep_healthy,
    },
    rollback: rollbackOf(block),
    lock: lockOf(block),
    health: healthOf(block),
    validation: validationOf(block),
    registries: block.registries.map(({ format, registry, ...options }, index) => ({
      format,
      registry,
      options,
      locationOf: locationsUnder(['registries', index]),
    })),
    blueGreen: blueGreenOf(block.blue_green, locationsUnder(['blue_green', 'traffic'])),
  }
}

function rollbackOf(block: DeploymentBlock): Config['rollback'] {
  const { rollback } = block
  const { attempts, backoff, max_backoff: maxBackoff, jitter } = rollback.retry
  return {
    hold: rollback.hold,
    parallelism: rollback.parallelism,
    timeoutMs: rollback.timeout,
    requestTimeoutMs: Math.min(rollback.request_timeout, rollback.timeout),
    settleWindowMs: Math.min(rollback.settle_window, rollback.timeout / 2),
    requireReason: mergedValidation(block).require_reason ?? false,
    onPartialFailure: rollback.on_partial_failure,
    retry: { attempts, backoffMs: backoff, maxBackoffMs: maxBackoff, jitter },
  }
}

function lockOf({ lock }: DeploymentBlock): Config['lock'] {
  const times = { ttlMs: lock.ttl, heartbeatMs: lock.heartbeat, waitMs: lock.wait }
  return lock.backend === 'git' ? { ...times, git: { remote: lock.remote ?? '', refPrefix: lock.ref_prefix } } : times
}
