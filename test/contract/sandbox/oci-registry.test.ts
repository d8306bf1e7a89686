import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startOciRegistry, type OciRegistry } from '../../../src/sandbox/servers/oci/oci-registry.ts'
import { digestOf, IMAGE_TYPES, putBlob, putManifest } from '../../../src/sandbox/servers/oci/oci-store.ts'
import { clientOutput, findProgram, runClient } from '../../support/processes/run-client.ts'

const ALL_TYPES = { accept: Object.values(IMAGE_TYPES).join(', ') }
let registry: OciRegistry
let old: string
let bad: string

beforeAll(async () => {
  registry = await startOciRegistry()
  old = publish('acme/hello', '1.0.0')
  bad = publish('acme/hello', '1.1.0')
})
afterAll(() => registry.close())

function publish(repository: string, version: string, store = registry.state): string {
  const layer = Buffer.from(`layer of ${version}`)
  const config = Buffer.from(
    JSON.stringify({
      architecture: 'amd64',
      os: 'linux',
      config: {},
      rootfs: { type: 'layers', diff_ids: [digestOf(layer)] },
    }),
  )
  const part = (mediaType: string, bytes: Buffer) => ({
    mediaType,
    digest: putBlob(store, repository, bytes),
    size: bytes.length,
  })
  const bytes = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: IMAGE_TYPES.ociManifest,
      config: part('application/vnd.oci.image.config.v1+json', config),
      layers: [part('application/vnd.oci.image.layer.v1.tar', layer)],
    }),
  )
  putManifest(store, repository, version, { mediaType: IMAGE_TYPES.ociManifest, bytes })
  return putManifest(store, repository, 'latest', { mediaType: IMAGE_TYPES.ociManifest, bytes })
}

function request(path: string, init: RequestInit = {}): Promise<Response> {
  return fetch(`${registry.url}/v2/acme/hello${path}`, init)
}

async function errorCode(answer: Response): Promise<string | undefined> {
  return ((await answer.json()) as { errors: readonly { code: string }[] }).errors[0]?.code
}

describe.skipIf(!findProgram('skopeo'))('OCI registry, with skopeo', () => {
  const inspect = (reference: string) =>
    clientOutput('skopeo', ['inspect', '--tls-verify=false', `docker://${registry.host}/${reference}`])

  it('shows the digest of a tag and the list of tags', async () => {
    const seen = JSON.parse(await inspect('acme/hello:latest')) as Record<string, unknown>

    expect(seen['Digest']).toBe(bad)
    expect(seen['RepoTags']).toEqual(['1.0.0', '1.1.0', 'latest'])
  })

  it('takes a whole image pushed by skopeo, with the same digest', async () => {
    const [from, to] = [`docker://${registry.host}/acme/hello@${old}`, `docker://${registry.host}/other/copy:v1`]

    await clientOutput('skopeo', [
      'copy',
      '--preserve-digests',
      '--src-tls-verify=false',
      '--dest-tls-verify=false',
      from,
      to,
    ])

    expect((JSON.parse(await inspect('other/copy:v1')) as Record<string, unknown>)['Digest']).toBe(old)
  })

  it.each(['basic', 'bearer'] as const)('asks for %s credentials and takes the right ones only', async (scheme) => {
    const closed = await startOciRegistry({ auth: { user: 'user', secret: 'secret', scheme } })
    publish('acme/hello', '1.0.0', closed.state)
    const copy = (login: string) =>
      runClient('skopeo', [
        'copy',
        '--src-tls-verify=false',
        '--dest-tls-verify=false',
        `--src-creds=${login}`,
        `--dest-creds=${login}`,
        `docker://${closed.host}/acme/hello:1.0.0`,
        `docker://${closed.host}/acme/hello:stable`,
      ])

    const [wrong, right] = [await copy('user:guess'), await copy('user:secret')]
    const tags = [...(closed.state.repositories.get('acme/hello')?.tags.keys() ?? [])]
    await closed.close()

    expect(wrong.exitCode).toBe(1)
    expect(wrong.stderr).toContain('unauthorized')
    expect(right).toMatchObject({ exitCode: 0 })
    expect(tags).toEqual(['1.0.0', 'latest', 'stable'])
  })
})

describe('OCI registry, request by request', () => {
  it('re-tags by the same bytes, and the read-back has the digest', async () => {
    const manifest = await request(`/manifests/${old}`, { headers: ALL_TYPES })
    const contentType = manifest.headers.get('content-type') ?? ''

    const put = await request('/manifests/stable', {
      method: 'PUT',
      headers: { 'content-type': contentType },
      body: await manifest.arrayBuffer(),
    })

    const head = await request('/manifests/stable', { method: 'HEAD', headers: ALL_TYPES })
    expect([put.status, put.headers.get('docker-content-digest')]).toEqual([201, old])
    expect(head.headers.get('docker-content-digest')).toBe(old)
  })

  it('hides an OCI manifest from a client that does not accept it', async () => {
    const answer = await request('/manifests/latest')

    expect(answer.status).toBe(404)
    expect(await answer.text()).toContain('accept header does not support OCI manifests')
  })

  it('takes a blob in two requests or in chunks', async () => {
    const start = async () => (await request('/blobs/uploads/', { method: 'POST' })).headers.get('location') ?? ''
    const digest = digestOf('one two')

    const chunked = await fetch(await start(), { method: 'PATCH', body: 'one ' })
    const whole = await fetch(`${chunked.headers.get('location')}&digest=${digest}`, { method: 'PUT', body: 'two' })
    const wrong = await fetch(`${await start()}&digest=${digest}`, { method: 'PUT', body: 'three' })

    expect([chunked.status, chunked.headers.get('range')]).toEqual([202, '0-3'])
    expect([whole.status, whole.headers.get('docker-content-digest')]).toEqual([201, digest])
    expect([wrong.status, await errorCode(wrong)]).toEqual([400, 'DIGEST_INVALID'])
    expect(await (await request(`/blobs/${digest}`)).text()).toBe('one two')
  })

  it('refuses a manifest whose blob is gone', async () => {
    const bytes = registry.state.repositories.get('acme/hello')?.manifests.get(old)?.bytes.toString() ?? ''
    const body = bytes.replace(/sha256:[0-9a-f]{64}/u, digestOf('nothing'))

    const answer = await request('/manifests/latest', {
      method: 'PUT',
      headers: { 'content-type': IMAGE_TYPES.ociManifest },
      body,
    })

    expect([answer.status, await errorCode(answer)]).toEqual([400, 'MANIFEST_BLOB_UNKNOWN'])
    expect(registry.state.repositories.get('acme/hello')?.tags.get('latest')).toBe(bad)
  })

  it('deletes by digest with every tag on it, and never by tag', async () => {
    const digest = publish('acme/gone', '1.0.0')
    const remove = (reference: string) =>
      fetch(`${registry.url}/v2/acme/gone/manifests/${reference}`, { method: 'DELETE' })

    const statuses = [await remove('latest'), await remove(digest), await remove(digest)].map(({ status }) => status)

    expect(statuses).toEqual([400, 202, 404])
    expect(registry.state.repositories.get('acme/gone')?.tags.size).toBe(0)
  })

  it('answers 404 with a code for what is unknown, and plain text for what is no name', async () => {
    const tag = await request('/manifests/nope', { headers: ALL_TYPES })
    const tags = await fetch(`${registry.url}/v2/none/tags/list`)
    const name = await fetch(`${registry.url}/v2/UPPER/manifests/x`)

    expect([tag.status, await errorCode(tag)]).toEqual([404, 'MANIFEST_UNKNOWN'])
    expect([tags.status, await errorCode(tags)]).toEqual([404, 'NAME_UNKNOWN'])
    expect([name.status, await name.text()]).toEqual([404, '404 page not found\n'])
  })
})
