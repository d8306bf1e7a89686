import { basename } from 'node:path'
import type { Config } from '../config/config.ts'
import type { Json } from '../domain/text/json.ts'
import { readProjectGit } from '../git/project-git.ts'
import type { Platform } from '../platform/platform.ts'
import { readYaml } from '../yaml/read-yaml.ts'

/** What the packager's own keys say a version consists of and needs. */
export interface PackagerKeys {
  /** Names of `binaries`: `linux-amd64`. */
  readonly binaries: readonly string[]
  /** What is needed, and which versions of it; an empty text is any. */
  readonly dependencies: ReadonlyMap<string, string>
}

const TIMEOUT_MS = 10_000
const MAX_BYTES = 1024 * 1024
/** The history is foreign text: only what cannot be anything but a commit reaches git. */
const COMMIT = /^[0-9a-f]{4,64}$/iu

/** The configuration file as it stood at a commit; `undefined` where git does not know it, or it cannot be read. */
export async function packagerKeysAt(
  commit: string,
  { file, root }: Pick<Config, 'file' | 'root'>,
  platform: Pick<Platform, 'exec'>,
  signal: AbortSignal,
): Promise<PackagerKeys | undefined> {
  if (!COMMIT.test(commit)) return undefined
  // Not `show`, which runs the text converters that attributes and configuration of the repository name.
  const args = ['cat-file', 'blob', `${commit}:./${basename(file)}`]
  const shown = await readProjectGit(platform, { args, cwd: root, timeoutMs: TIMEOUT_MS }, signal)
  return shown.exitCode === 0 ? packagerKeys(new TextDecoder().decode(shown.stdout)) : undefined
}

/** Pure. */
export function packagerKeys(text: string): PackagerKeys | undefined {
  const reading = readYaml(text, {
    maxBytes: MAX_BYTES,
    numbers: 'exact',
    aliasNodes: 1000,
    only: ['binaries', 'dependencies'],
  })
  if (reading.problem) return undefined
  const data = mapOf(reading.data)
  return { binaries: Object.keys(mapOf(data['binaries'])), dependencies: dependenciesOf(mapOf(data['dependencies'])) }
}

/** `system.linux: [libssl3]` → `libssl3 (system linux)`, `runtime.node: ">=18"` → `node (runtime)`. */
function dependenciesOf(block: Readonly<Record<string, Json>>): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  for (const [kind, content] of Object.entries(block)) {
    for (const [name, value] of Object.entries(mapOf(content))) {
      if (Array.isArray(value)) for (const item of value) addItem(found, item as Json, `${kind} ${name}`)
      else found.set(`${name} (${kind})`, typeof value === 'string' ? value : '')
    }
  }
  return found
}

function addItem(found: Map<string, string>, item: Json, source: string): void {
  if (typeof item === 'string') found.set(`${item} (${source})`, '')
  const { name, version } = mapOf(item)
  if (typeof name === 'string') found.set(`${name} (${source})`, typeof version === 'string' ? version : '')
}

function mapOf(value: Json | undefined): Readonly<Record<string, Json>> {
  const isMap = value !== null && typeof value === 'object' && !Array.isArray(value)
  return isMap ? (value as Readonly<Record<string, Json>>) : {}
}
