import { DEPENDENCY_VERSIONS, type Release } from './releases.ts'
import { APP, npmTarball, packageJsonOf, sourceOf } from './release-files.ts'
import { deprecateNpm, publishNpm, tagNpm, type NpmStore } from './servers/npm/npm-store.ts'

export interface TarballHashes {
  readonly integrity: string
  readonly shasum: string
}

/** The packages that the application depends on, all of their versions. `at` is RFC 3339. */
export function publishDependencies(store: NpmStore, at: string): void {
  for (const [name, versions] of Object.entries(DEPENDENCY_VERSIONS)) {
    for (const version of versions) {
      const manifest = { name, version, license: 'Apache-2.0', main: 'index.js' }
      const tarball = npmTarball(manifest, `module.exports = '${name} ${version}'\n`)
      publishNpm(store, { manifest, tarball, tags: ['latest'], at })
    }
  }
}

/** @returns the hashes of its tarball. */
export function publishPackage(store: NpmStore, release: Release, at: string): TarballHashes {
  const manifest = packageJsonOf(release)
  const tarball = npmTarball(manifest, sourceOf(release))
  const { integrity, shasum } = publishNpm(store, { manifest, tarball, tags: ['latest'], at }).dist
  return { integrity, shasum }
}

/** What a rollback leaves on an npm registry: the tag on the old version, the bad one deprecated. */
export function takeBackPackage(store: NpmStore, bad: Release, good: Release, at: string): void {
  tagNpm(store, APP, 'latest', good.version, at)
  const message = `${bad.version} was withdrawn; use ${good.version} instead.`
  deprecateNpm(store, APP, new Map([[bad.version, message]]), at)
}
