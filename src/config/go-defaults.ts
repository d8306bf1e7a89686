import type { Json } from '../domain/text/json.ts'
import type { RegistryConfig } from './config.ts'

/** Text at a path of keys the Go tool defines; anything else counts as absent. */
function textAt(data: Json, ...path: readonly string[]): string | undefined {
  let value: Json | undefined = data
  for (const key of path) {
    if (value === null || typeof value !== 'object' || Array.isArray(value)) return undefined
    value = (value as Readonly<Record<string, Json>>)[key]
  }
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** The registries that the Go tool's own keys name, for a project without a `registries` list. Pure. */
export function registriesFromGoKeys(data: Json, file: string): readonly RegistryConfig[] {
  const owner = textAt(data, 'github', 'owner')
  const repository = (kind: 'tap' | 'bucket') => {
    const repo = textAt(data, 'github', kind, 'repo')
    if (repo === undefined) return undefined
    return repo.includes('/') || owner === undefined ? repo : `${owner}/${repo}`
  }
  const found: RegistryConfig[] = []
  const tap = repository('tap')
  if (tap !== undefined)
    found.push({ format: 'brew', registry: tap, options: {}, locationOf: () => `${file} github.tap` })
  const bucket = repository('bucket')
  if (bucket !== undefined)
    found.push({ format: 'scoop', registry: bucket, options: {}, locationOf: () => `${file} github.bucket` })
  return found
}
