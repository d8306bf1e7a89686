import semver from 'semver'
import type { ServerRequest } from '../loopback-server.ts'
import { npmPackage, NpmRejection, tagNpm, touch, type NpmStore } from './npm-store.ts'
import { parseJson } from './npm-writes.ts'

/** `PUT /-/package/<package>/dist-tags/<tag>` with the version as a JSON string. @throws NpmRejection */
export function putTag(store: NpmStore, name: string, tag: string, request: ServerRequest, at: string): string {
  const version = parseJson(request)
  if (typeof version !== 'string') throw new NpmRejection(400, 'version must be a JSON string')
  tagNpm(store, name, tag, version, at)
  return 'package tagged'
}

/** Removes a tag; a removed `latest` comes back on the highest version. @throws NpmRejection */
export function deleteTag(store: NpmStore, name: string, tag: string, at: string): string {
  const entry = npmPackage(store, name)
  entry.distTags.delete(tag)
  const highest = [...entry.versions.keys()].sort(semver.rcompare)[0]
  if (tag === 'latest' && highest !== undefined) entry.distTags.set('latest', highest)
  touch(entry, at)
  return 'tag removed'
}
