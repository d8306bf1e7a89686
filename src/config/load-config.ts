import { createHash } from 'node:crypto'
import { basename, dirname, join, resolve } from 'node:path'
import type { ZodError } from 'zod'
import type { Json } from '../domain/json.ts'
import { BagboyError } from '../errors/bagboy-error.ts'
import type { Files, Platform } from '../platform/platform.ts'
import { explainIssue } from '../yaml/explain-issue.ts'
import { readYaml, type YamlReading } from '../yaml/read-yaml.ts'
import { positionAt } from '../yaml/text-position.ts'
import { blueGreenOf } from './blue-green-config.ts'
import type { Config, PlaceOf, RegistryConfig } from './config.ts'
import { registriesFromGoKeys } from './go-defaults.ts'
import { healthOf } from './health-config.ts'
import { deploymentBlock, type DeploymentBlock } from './schema/deployment.ts'
import { mergedValidation, validationOf } from './validation-config.ts'

/** The names the Go tool looks for, in its order. */
const NAMES = ['bagboy.yaml', 'bagboy.yml', '.bagboy.yaml', '.bagboy.yml'] as const
const MAX_BYTES = 1024 * 1024

/** The nearest configuration file in `folder` or one above it; absolute. */
export async function findConfig(files: Files, folder: string): Promise<string | undefined> {
  for (const name of NAMES) {
    const path = join(folder, name)
    if ((await files.read(path)) !== undefined) return path
  }
  const parent = dirname(folder)
  return parent === folder ? undefined : findConfig(files, parent)
}

export interface LoadRequest {
  readonly files: Files
  /** Absolute. */
  readonly file: string
  readonly env: Platform['env']
  /** Instead of the file's own. */
  readonly environment?: string
}

/** @throws CONFIG_NOT_FOUND, CONFIG_INVALID with file:line:column */
export async function loadConfig({ files, file, environment }: LoadRequest): Promise<Config> {
  const bytes = await files.read(file)
  if (!bytes) {
    throw new BagboyError('CONFIG_NOT_FOUND', `There is no ${file}.`, { hint: 'Name the right file: --config FILE' })
  }
  const source = { label: basename(file), text: new TextDecoder().decode(bytes) }
  const reading = read(source)
  const block = check(source, reading)
  const root = dirname(file)
  return {
    file,
    root,
    hash: createHash('sha256').update(bytes).digest('hex'),
    app: textOf(reading.data, 'name') ?? basename(root),
    version: textOf(reading.data, 'version') ?? '',
    environment: environment ?? block.environment,
    fileEnvironment: block.environment,
    history: {
      file: resolve(root, block.history.file),
      keep: block.history.keep,
      keepHealthy: block.history.keep_healthy,
    },
    rollback: rollbackOf(block),
    lock: lockOf(block),
    health: healthOf(block),
    validation: validationOf(block),
    registries:
      block.registries.length > 0
        ? block.registries.map((entry, index) => registryOf(entry, index, source, reading))
        : registriesFromGoKeys(reading.data, source.label),
    blueGreen: blueGreenOf(block.blue_green, placesUnder(['deployment', 'blue_green', 'traffic'], source, reading)),
  }
}

interface Source {
  readonly label: string
  readonly text: string
}

function read(source: Source): YamlReading {
  const reading = readYaml(source.text, {
    maxBytes: MAX_BYTES,
    numbers: 'yaml',
    aliasNodes: 1000,
    only: ['name', 'version', 'github', 'packages', 'deployment'],
  })
  if (reading.problem) throw invalid(source, reading.problem.offset, reading.problem.wrong, reading.problem.right)
  return reading
}

function check(source: Source, reading: YamlReading): DeploymentBlock {
  const { data } = reading
  const given = isMap(data) ? (data['deployment'] ?? {}) : {}
  const parsed = deploymentBlock.safeParse(given)
  if (parsed.success) return parsed.data
  throw explain(source, reading, given, parsed.error)
}

function explain(source: Source, reading: YamlReading, given: Json, error: ZodError): BagboyError {
  const [issue] = error.issues
  if (!issue) return invalid(source, 0, 'not understood', 'compare it with docs/configuration.md')
  const { path, part, wrong, right } = explainIssue(issue, given)
  return invalid(source, reading.offsetOf(['deployment', ...path], part), wrong, right)
}

function invalid({ label, text }: Source, offset: number, wrong: string, right: string): BagboyError {
  const { line, column } = positionAt(text, offset)
  return new BagboyError('CONFIG_INVALID', `${label}:${line}:${column}: ${wrong}; ${right}`, {
    hint: 'Correct the line, then check it: bagboy-tui config check',
    details: { file: label, line, column },
  })
}

function rollbackOf(block: DeploymentBlock): Config['rollback'] {
  const { rollback } = block
  const { attempts, backoff, max_backoff: maxBackoff, jitter } = rollback.retry
  return {
    hold: rollback.hold,
    parallelism: rollback.parallelism,
    timeoutMs: rollback.timeout,
    requestTimeoutMs: Math.min(rollback.request_timeout, rollback.timeout),
    requireReason: mergedValidation(block).require_reason ?? false,
    onPartialFailure: rollback.on_partial_failure,
    retry: { attempts, backoffMs: backoff, maxBackoffMs: maxBackoff, jitter },
  }
}

function lockOf({ lock }: DeploymentBlock): Config['lock'] {
  const times = { ttlMs: lock.ttl, heartbeatMs: lock.heartbeat, waitMs: lock.wait }
  return lock.backend === 'git' ? { ...times, git: { remote: lock.remote ?? '', refPrefix: lock.ref_prefix } } : times
}

function registryOf(
  entry: DeploymentBlock['registries'][number],
  index: number,
  source: Source,
  reading: YamlReading,
): RegistryConfig {
  const { format, registry, ...options } = entry
  return { format, registry, options, placeOf: placesUnder(['deployment', 'registries', index], source, reading) }
}

function placesUnder(prefix: readonly (string | number)[], source: Source, reading: YamlReading): PlaceOf {
  return (path) => {
    const offset = reading.offsetOf([...prefix, ...path], path.length > 0 ? 'key' : 'value')
    const { line, column } = positionAt(source.text, offset)
    return `${source.label}:${line}:${column}`
  }
}

function textOf(data: Json, key: string): string | undefined {
  const value = isMap(data) ? data[key] : undefined
  return typeof value === 'string' && value !== '' ? value : undefined
}

function isMap(value: Json): value is Readonly<Record<string, Json>> {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}
