import type { ServerRequest } from '../loopback-server.ts'
import { deprecateNpm, distOf, npmPackage, NpmRejection, publishNpm, type NpmStore } from './npm-store.ts'

interface PublishDocument {
  readonly name?: string
  readonly versions?: Readonly<Record<string, { readonly deprecated?: string; readonly dist?: { shasum?: string } }>>
  readonly 'dist-tags'?: Readonly<Record<string, string>>
  readonly _attachments?: Readonly<Record<string, { readonly data: string }>>
}

/**
 * `PUT /<package>`: with a tarball it publishes one version, without one it changes deprecations. The revision is not
 * compared: npm registries have no compare-and-swap here.
 * @throws NpmRejection
 */
export function putPackage(store: NpmStore, name: string, request: ServerRequest, at: string): string {
  const document = parseJson(request) as PublishDocument
  const attachments = Object.entries(document['_attachments'] ?? {})
  const versions = Object.entries(document.versions ?? {})
  const [[version, manifest] = []] = versions
  const [[, attachment] = []] = attachments
  if (attachment === undefined) {
    if (store.packages.has(name)) return changePackage(store, name, versions, at)
    throw new NpmRejection(404, 'no such package available')
  }
  if (document.name !== name || version === undefined || manifest === undefined || versions.length !== 1) {
    throw new NpmRejection(400, 'bad incoming package data')
  }
  const tarball = Buffer.from(attachment.data, 'base64')
  const { shasum } = distOf(tarball)
  if (manifest.dist?.shasum !== undefined && manifest.dist.shasum !== shasum) {
    throw new NpmRejection(400, `shasum error, ${manifest.dist.shasum} != ${shasum}`)
  }
  const tags = Object.keys(document['dist-tags'] ?? {})
  publishNpm(store, { manifest: { ...manifest, name, version }, tarball, tags, at })
  return 'created new package'
}

function changePackage(
  store: NpmStore,
  name: string,
  versions: readonly (readonly [string, { readonly deprecated?: string }])[],
  at: string,
): string {
  const known = npmPackage(store, name).versions
  if (versions.length !== known.size) throw new NpmRejection(409, 'this package is already present')
  deprecateNpm(store, name, new Map(versions.map(([version, { deprecated }]) => [version, deprecated ?? ''])), at)
  return 'package changed'
}

/** Checks the content type first, as registries do. @throws NpmRejection 415, 400 */
export function parseJson(request: ServerRequest): unknown {
  const type = request.headers['content-type'] ?? ''
  if (type === '') throw new NpmRejection(415, 'content-type is missing, expect: application/json')
  if (!type.includes('json')) {
    throw new NpmRejection(415, `wrong content-type, expect: application/json, got: ${type}`)
  }
  try {
    return JSON.parse(request.body.toString())
  } catch (error) {
    throw new NpmRejection(400, (error as Error).message)
  }
}
