import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startNpmRegistry } from '../../../src/sandbox/servers/npm/npm-registry.ts'
import { startOciRegistry } from '../../../src/sandbox/servers/oci/oci-registry.ts'
import { digestOf, IMAGE_TYPES } from '../../../src/sandbox/servers/oci/oci-store.ts'
import { missingDockerRegistry, startDockerRegistry } from '../../support/servers/real/docker-registry.ts'
import { missingVerdaccio, startVerdaccio } from '../../support/servers/real/verdaccio.ts'

/** A request, told to our server and to the real one. */
type Question = readonly [title: string, path: string, init?: RequestInit]

function titled(questions: readonly Question[]): readonly { readonly title: string; readonly question: Question }[] {
  return questions.map((question) => ({ title: question[0], question }))
}

const noDockerRegistry = missingDockerRegistry()
const noVerdaccio = await missingVerdaccio()

/** What a client goes by: the status, the headers that carry meaning, the error's code and message. */
async function answer(url: string, [, path, init]: Question, headerNames: readonly string[]): Promise<unknown> {
  const response = await fetch(`${url}${path}`, init ?? {})
  const text = await response.text()
  const headers = headerNames.map((name) => response.headers.get(name)?.replaceAll(url, '') ?? null)
  const body = response.status >= 400 ? text.trim() : ''
  return { status: response.status, headers, body }
}

describe.skipIf(noDockerRegistry)(`our OCI registry and docker-registry ${noDockerRegistry ?? ''}`, () => {
  const config = '{"architecture":"amd64","os":"linux","config":{},"rootfs":{"type":"layers","diff_ids":[]}}'
  const manifestOf = (layer: string) =>
    JSON.stringify({
      schemaVersion: 2,
      mediaType: IMAGE_TYPES.ociManifest,
      config: {
        mediaType: 'application/vnd.oci.image.config.v1+json',
        digest: digestOf(config),
        size: config.length,
      },
      layers: [{ mediaType: 'application/vnd.oci.image.layer.v1.tar', digest: digestOf(layer), size: layer.length }],
    })
  const manifest = manifestOf('layer')
  const index = JSON.stringify({
    schemaVersion: 2,
    mediaType: IMAGE_TYPES.ociIndex,
    manifests: [{ mediaType: IMAGE_TYPES.ociManifest, digest: digestOf(manifest), size: manifest.length }],
  })
  const put = (type: string, body: string): RequestInit => ({
    method: 'PUT',
    headers: { 'content-type': type },
    body,
  })
  const accept = (...types: string[]): RequestInit => ({ headers: { accept: types.join(', ') } })
  const questions: readonly Question[] = [
    ['the version check', '/v2/'],
    ['an unknown blob', `/v2/a/b/blobs/${digestOf('none')}`],
    ['a manifest', '/v2/a/b/manifests/1.0.0', put(IMAGE_TYPES.ociManifest, manifest)],
    ['the same manifest again', '/v2/a/b/manifests/latest', put(IMAGE_TYPES.ociManifest, manifest)],
    ['a manifest by a wrong digest', `/v2/a/b/manifests/${digestOf('x')}`, put(IMAGE_TYPES.ociManifest, manifest)],
    ['a manifest with another type', '/v2/a/b/manifests/latest', put('application/json', manifest)],
    ['a manifest without its layer', '/v2/a/b/manifests/latest', put(IMAGE_TYPES.ociManifest, manifestOf('none'))],
    ['an index', '/v2/a/b/manifests/multi', put(IMAGE_TYPES.ociIndex, index)],
    [
      'an index without its child',
      '/v2/a/b/manifests/x',
      put(IMAGE_TYPES.ociIndex, index.replace(/:[0-9a-f]{64}/u, `:${'0'.repeat(64)}`)),
    ],
    ['a bad tag', '/v2/a/b/manifests/-bad', put(IMAGE_TYPES.ociManifest, manifest)],
    ['a manifest without Accept', '/v2/a/b/manifests/latest'],
    ['a manifest with any Accept', '/v2/a/b/manifests/latest', accept('*/*')],
    ['a manifest that is accepted', '/v2/a/b/manifests/latest', accept(...Object.values(IMAGE_TYPES))],
    ['an index for who wants manifests', '/v2/a/b/manifests/multi', accept(IMAGE_TYPES.ociManifest)],
    ['an index by digest', `/v2/a/b/manifests/${digestOf(index)}`, accept(IMAGE_TYPES.ociIndex)],
    ['an unknown tag', '/v2/a/b/manifests/none', accept(...Object.values(IMAGE_TYPES))],
    ['an unknown digest', `/v2/a/b/manifests/${digestOf('none')}`, accept(...Object.values(IMAGE_TYPES))],
    ['the tags', '/v2/a/b/tags/list'],
    ['the tags of an unknown repository', '/v2/none/tags/list'],
    ['a name in capitals', '/v2/A/manifests/x'],
    ['a method it does not know', '/v2/a/b/manifests/latest', { method: 'POST' }],
    ['deletion by tag', '/v2/a/b/manifests/latest', { method: 'DELETE' }],
    ['deletion by digest', `/v2/a/b/manifests/${digestOf(manifest)}`, { method: 'DELETE' }],
    ['deletion once more', `/v2/a/b/manifests/${digestOf(manifest)}`, { method: 'DELETE' }],
    ['the tags that are left', '/v2/a/b/tags/list'],
    ['referrers', `/v2/a/b/referrers/${digestOf(manifest)}`],
  ]
  const headerNames = ['content-type', 'docker-content-digest', 'etag', 'location', 'allow']
  let urls: readonly string[] = []
  const closers: (() => Promise<void>)[] = []

  beforeAll(async () => {
    const [ours, real] = [await startOciRegistry(), await startDockerRegistry()]
    urls = [ours.url, real.url]
    closers.push(
      () => ours.close(),
      () => real.close(),
    )
    for (const url of urls) {
      for (const bytes of [config, 'layer']) {
        const started = await fetch(`${url}/v2/a/b/blobs/uploads/`, { method: 'POST' })
        const location = started.headers.get('location') ?? ''
        await fetch(`${location}&digest=${digestOf(bytes)}`, { method: 'PUT', body: bytes })
      }
    }
  })
  afterAll(() => Promise.all(closers.map((close) => close())))

  it.each(titled(questions))('give the same answer to $title', async ({ question }) => {
    const [ours, real] = await Promise.all(urls.map((url) => answer(url, question, headerNames)))

    expect(ours).toEqual(real)
  })
})

describe.skipIf(noVerdaccio)(`our npm registry and verdaccio ${noVerdaccio ?? ''}`, () => {
  const tags = '/-/package/hello/dist-tags'
  const write = (method: string, body: string, type = 'application/json'): RequestInit => ({
    method,
    headers: { 'content-type': type, authorization: 'Bearer TOKEN' },
    body,
  })
  const questions: readonly Question[] = [
    ['an unknown package', '/nothing'],
    ['tags of an unknown package', '/-/package/nothing/dist-tags'],
    ['a version that is there', '/hello/1.0.0'],
    ['a version that is not', '/hello/9.0.0'],
    ['the tags', tags],
    ['a single tag', `${tags}/latest`],
    ['a tag that moves', `${tags}/latest`, write('PUT', '"1.0.0"')],
    [
      'a tag without credentials',
      `${tags}/latest`,
      { method: 'PUT', headers: { 'content-type': 'application/json' }, body: '"1.0.0"' },
    ],
    ['a tag on an unknown version', `${tags}/latest`, write('PUT', '"9.0.0"')],
    ['a tag of an unknown package', '/-/package/nothing/dist-tags/latest', write('PUT', '"1.0.0"')],
    ['a tag that is not JSON', `${tags}/latest`, write('PUT', '1.0.0')],
    ['a tag in plain text', `${tags}/latest`, write('PUT', '"1.0.0"', 'text/plain')],
    ['a tag that is removed', `${tags}/beta`, write('DELETE', '{}')],
    ['latest removed', `${tags}/latest`, write('DELETE', '{}')],
    ['the tags after that', tags],
    ['a tarball', '/hello/-/hello-1.0.0.tgz'],
    ['a tarball that is not there', '/hello/-/hello-9.0.0.tgz'],
    ['a document without a version', '/hello', write('PUT', '{"name":"hello","versions":{}}')],
  ]
  let servers: readonly { readonly url: string; readonly token: string }[] = []
  const closers: (() => Promise<void>)[] = []

  beforeAll(async () => {
    const [ours, real] = [await startNpmRegistry({ token: 'token' }), await startVerdaccio()]
    servers = [{ url: ours.url, token: 'token' }, real]
    closers.push(
      () => ours.close(),
      () => real.close(),
    )
    for (const { url, token } of servers) {
      for (const version of ['1.0.0', '1.1.0']) {
        const body = JSON.stringify({
          _id: 'hello',
          name: 'hello',
          'dist-tags': { latest: version },
          versions: { [version]: { name: 'hello', version, dist: {} } },
          _attachments: {
            [`hello-${version}.tgz`]: { data: Buffer.from(version).toString('base64'), length: version.length },
          },
        })
        const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` }
        expect((await fetch(`${url}/hello`, { method: 'PUT', headers, body })).status).toBe(201)
      }
    }
  })
  afterAll(() => Promise.all(closers.map((close) => close())))

  it.each(titled(questions))('give the same status to $title', async ({ title, question: [, path, init] }) => {
    const statuses = await Promise.all(
      servers.map(async ({ url, token }) => {
        const headers = new Headers(init?.headers)
        if (headers.has('authorization')) headers.set('authorization', `Bearer ${token}`)
        const response = await fetch(`${url}${path}`, { ...init, headers })
        const isTags = title.startsWith('the tags')
        return [response.status, isTags ? await response.json() : null]
      }),
    )

    expect(statuses[0]).toEqual(statuses[1])
  })
})
