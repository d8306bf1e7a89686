import { createHash } from 'node:crypto'
import { basename, dirname, join } from 'node:path'
import type { ZodError } from 'zod'
import type { Json } from '../domain/text/json.ts'
import { BagboyError } from '../errors/bagboy-error.ts'
import type { Files, Platform } from '../platform/platform.ts'
import { explainIssue } from '../yaml/explain-issue.ts'
import { readYaml, type YamlReading } from '../yaml/read-yaml.ts'
import { positionAt } from '../yaml/text-position.ts'
import { blockConfig } from './block-config.ts'
import type { Config } from './config.ts'
import { registriesFromGoKeys } from './go-defaults.ts'
import { inertKeysOf } from './inert-keys.ts'
import { deploymentBlock, type DeploymentBlock } from './schema/deployment.ts'
import { uncountedSamples } from './uncounted-samples.ts'
import type { LocationOf } from './location-of.ts'

/** The names the Go tool looks for, in its order. */
const NAMES = ['bagboy.yaml', 'bagboy.yml', '.bagboy.yaml', '.bagboy.yml'] as const
const MAX_BYTES = 1024 * 1024

/** The nearest configuration file in `folder` or one above it on the same file system; absolute. */
export async function findConfig(files: Files, folder: string): Promise<string | undefined> {
  for (const name of NAMES) {
    const path = join(folder, name)
    // Of any kind: what is no file is named by the error of its reader, and not passed over.
    if ((await files.stat(path)) !== undefined) return path
  }
  const parent = dirname(folder)
  const [here, above] = await Promise.all([files.stat(folder), files.stat(parent)])
  return parent === folder || here?.device !== above?.device ? undefined : findConfig(files, parent)
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
  const bytes = await files.read(file, MAX_BYTES)
  if (!bytes) {
    throw new BagboyError('CONFIG_NOT_FOUND', `There is no ${file}.`, { hint: 'Name the right file: --config FILE' })
  }
  const source = { label: basename(file), text: new TextDecoder().decode(bytes) }
  const reading = read(source)
  const block = check(source, reading)
  const root = dirname(file)
  const given = isMap(reading.data) ? (reading.data['deployment'] ?? {}) : {}
  const config: Config = {
    file,
    root,
    hash: createHash('sha256').update(bytes).digest('hex'),
    app: textOf(reading.data, 'name') ?? basename(root),
    version: textOf(reading.data, 'version') ?? '',
    environment: environment ?? block.environment,
    inert: inertKeysOf(given, locationsUnder(['deployment'], source, reading)),
    ...blockConfig(block, { root, locationsUnder: (path) => locationsUnder(['deployment', ...path], source, reading) }),
    ...(block.registries.length > 0 ? {} : { registries: registriesFromGoKeys(reading.data, source.label) }),
  }
  const uncounted = await uncountedSamples(config.health, Array.isArray(block.rollback.auto_trigger))
  if (uncounted) {
    const { path, message } = uncounted
    const issue: Issue = { code: 'custom', path: [...path], message, input: undefined }
    throw explain(source, reading, given, [issue])
  }
  return config
}

type Issue = ZodError['issues'][number]

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
  if (data !== null && !isMap(data)) {
    const what = Array.isArray(data) ? 'a list' : 'a single value'
    throw invalid(source, 0, `the file holds ${what}`, 'write keys: name, version, deployment')
  }
  const given = data?.['deployment'] ?? {}
  const parsed = deploymentBlock.safeParse(given)
  if (parsed.success) return parsed.data
  throw explain(source, reading, given, parsed.error.issues)
}

function explain(source: Source, reading: YamlReading, given: Json, [issue]: readonly Issue[]): BagboyError {
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

function locationsUnder(prefix: readonly (string | number)[], source: Source, reading: YamlReading): LocationOf {
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
