import { createHash } from 'node:crypto'

interface NpmDist {
  readonly tarball: string
  readonly shasum: string
  readonly integrity: string
}

/** One version's manifest, as its `package.json` plus what the registry adds. */
export interface NpmManifest {
  readonly name: string
  readonly version: string
  readonly dist: NpmDist
  readonly deprecated?: string
  readonly [key: string]: unknown
}

export interface NpmPackage {
  readonly versions: Map<string, NpmManifest>
  readonly distTags: Map<string, string>
  /** Version → RFC 3339; also `created` and `modified`. */
  readonly times: Map<string, string>
  /** File name → bytes. */
  readonly tarballs: Map<string, Buffer>
  revision: number
}

/** What a registry holds; tests may look into it and change it behind a client's back. */
export interface NpmStore {
  readonly packages: Map<string, NpmPackage>
}

/** A request was refused. */
export class NpmRejection extends Error {
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

export interface NpmPublication {
  readonly manifest: { readonly name: string; readonly version: string; readonly [key: string]: unknown }
  readonly tarball: Buffer
  readonly tags: readonly string[]
  /** RFC 3339. */
  readonly at: string
}

export function npmPackage(store: NpmStore, name: string): NpmPackage {
  const known = store.packages.get(name)
  if (!known) throw new NpmRejection(404, 'no such package available')
  return known
}

/** Adds one version and moves its tags; a version number is used once. @throws NpmRejection */
export function publishNpm(store: NpmStore, { manifest, tarball, tags, at }: NpmPublication): NpmManifest {
  const { name, version } = manifest
  const known = store.packages.get(name)
  if (known?.versions.has(version)) {
    throw new NpmRejection(403, `You cannot publish over the previously published versions: ${version}.`)
  }
  const entry: NpmPackage = known ?? {
    versions: new Map(),
    distTags: new Map(),
    times: new Map([['created', at]]),
    tarballs: new Map(),
    revision: 0,
  }
  store.packages.set(name, entry)
  const file = `${name.replace(/^@.*\//u, '')}-${version}.tgz`
  const dist = { ...distOf(tarball), tarball: `/${name}/-/${file}` }
  const stored: NpmManifest = { ...manifest, _id: `${name}@${version}`, dist }
  entry.versions.set(version, stored)
  entry.tarballs.set(file, tarball)
  entry.times.set(version, at)
  for (const tag of tags) entry.distTags.set(tag, version)
  if (!entry.distTags.has('latest')) entry.distTags.set('latest', version)
  touch(entry, at)
  return stored
}

/** Points a dist-tag at a version. @throws NpmRejection */
export function tagNpm(store: NpmStore, name: string, tag: string, version: string, at: string): void {
  const entry = npmPackage(store, name)
  if (!entry.versions.has(version)) throw new NpmRejection(404, "this version doesn't exist")
  entry.distTags.set(tag, version)
  touch(entry, at)
}

/** An empty message takes the deprecation back. @throws NpmRejection */
export function deprecateNpm(store: NpmStore, name: string, messages: ReadonlyMap<string, string>, at: string): void {
  const entry = npmPackage(store, name)
  for (const [version, message] of messages) {
    const manifest = entry.versions.get(version)
    if (!manifest) throw new NpmRejection(409, 'this package is already present')
    const { deprecated: _, ...rest } = manifest
    entry.versions.set(version, message === '' ? rest : { ...manifest, deprecated: message })
  }
  touch(entry, at)
}

export function distOf(tarball: Buffer): { readonly shasum: string; readonly integrity: string } {
  return {
    shasum: createHash('sha1').update(tarball).digest('hex'),
    integrity: `sha512-${createHash('sha512').update(tarball).digest('base64')}`,
  }
}

export function touch(entry: NpmPackage, at: string): void {
  entry.times.set('modified', at)
  entry.revision += 1
}
