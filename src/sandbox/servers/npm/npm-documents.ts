import { createHash } from 'node:crypto'
import type { ServerAnswer, ServerRequest } from '../loopback-server.ts'
import { NpmRejection, npmPackage, type NpmManifest, type NpmPackage, type NpmStore } from './npm-store.ts'

const INSTALL_TYPE = 'application/vnd.npm.install-v1+json'

/** `GET /<package>`: everything, or the short form installers ask for; 304 when the client has it. @throws NpmRejection */
export function answerPackument(store: NpmStore, name: string, request: ServerRequest): ServerAnswer {
  const entry = npmPackage(store, name)
  const short = (request.headers['accept'] ?? '').includes(INSTALL_TYPE) && !request.query.has('write')
  const document = short ? shortDocument(name, entry, request) : fullDocument(name, entry, request)
  return cached(request, document, short ? INSTALL_TYPE : 'application/json')
}

/** `GET /<package>/<version or tag>` @throws NpmRejection */
export function answerVersion(store: NpmStore, name: string, wanted: string, request: ServerRequest): ServerAnswer {
  const entry = npmPackage(store, name)
  const manifest = entry.versions.get(entry.distTags.get(wanted) ?? wanted)
  if (!manifest) throw new NpmRejection(404, `this version doesn't exist: ${wanted}`)
  return cached(request, withAddress(manifest, request), 'application/json')
}

/** `GET /<package>/-/<file>` @throws NpmRejection */
export function answerTarball(store: NpmStore, name: string, file: string): ServerAnswer {
  const bytes = npmPackage(store, name).tarballs.get(file)
  if (!bytes) throw new NpmRejection(404, 'no such file available')
  return { status: 200, headers: { 'content-type': 'application/octet-stream' }, body: bytes }
}

function fullDocument(name: string, entry: NpmPackage, request: ServerRequest): object {
  const versions = [...entry.versions].map(([version, manifest]) => [version, withAddress(manifest, request)])
  return {
    _id: name,
    _rev: `${entry.revision}-${createHash('sha1').update(`${name}${entry.revision}`).digest('hex').slice(0, 16)}`,
    name,
    'dist-tags': Object.fromEntries(entry.distTags),
    versions: Object.fromEntries(versions) as object,
    time: Object.fromEntries(entry.times),
    readme: '',
    _attachments: {},
  }
}

const SHORT_KEYS: readonly string[] = [
  'name',
  'version',
  'dist',
  'deprecated',
  'bin',
  'engines',
  'os',
  'cpu',
  'dependencies',
  'devDependencies',
  'optionalDependencies',
  'peerDependencies',
  'peerDependenciesMeta',
  'bundleDependencies',
  'directories',
]

function shortDocument(name: string, entry: NpmPackage, request: ServerRequest): object {
  const versions = [...entry.versions].map(([version, manifest]) => {
    const kept = Object.entries(withAddress(manifest, request)).filter(([key]) => SHORT_KEYS.includes(key))
    return [version, Object.fromEntries(kept)]
  })
  return {
    name,
    modified: entry.times.get('modified'),
    'dist-tags': Object.fromEntries(entry.distTags),
    versions: Object.fromEntries(versions) as object,
  }
}

/** Addresses follow the Host the client used, so that a proxy in front stays in front. */
function withAddress(manifest: NpmManifest, request: ServerRequest): NpmManifest {
  const tarball = `http://${request.headers['host']}${manifest.dist.tarball}`
  return { ...manifest, dist: { ...manifest.dist, tarball } }
}

function cached(request: ServerRequest, document: object, type: string): ServerAnswer {
  const body = JSON.stringify(document)
  const etag = `"${createHash('md5').update(body).digest('hex')}"`
  const headers = { etag, vary: 'Accept, Accept-Encoding' }
  if (request.headers['if-none-match'] === etag) return { status: 304, headers }
  return { status: 200, headers: { ...headers, 'content-type': type }, body }
}
