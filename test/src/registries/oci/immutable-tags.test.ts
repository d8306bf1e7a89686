import { expect, onTestFinished, test } from 'vitest'
import { findImmutableTags } from '../../../../src/registries/oci/immutable-tags.ts'
import { createOciClient } from '../../../../src/registries/oci/oci-client.ts'
import { answerWith, basicCredentials, listenOnLoopback } from '../../../../src/sandbox/servers/loopback-server.ts'
import { platformWith } from '../../../support/test-platform.ts'

const DIGEST = `sha256:${'a'.repeat(64)}`

/** A registry with tokens that calls itself `service`, and whose other addresses answer `document` to a login. */
async function openClient(service: string, document: unknown) {
  const asked: string[] = []
  const server = await listenOnLoopback(
    answerWith(({ path, headers, query }) => {
      const body = (value: unknown) => ({ status: 200, body: JSON.stringify(value) })
      if (path === '/token') return body({ token: 't' })
      const challenge = `Bearer realm="http://${headers['host']}/token",service="${service}"`
      if (path.startsWith('/v2/')) {
        return headers['authorization'] === 'Bearer t'
          ? { status: 404 }
          : { status: 401, headers: { 'www-authenticate': challenge } }
      }
      asked.push([path, ...query.keys()].join(' '))
      return basicCredentials(headers['authorization']) === 'me:s3cret' ? body(document) : { status: 401 }
    }),
  )
  onTestFinished(() => server.close())
  const client = createOciClient({
    platform: platformWith({ LOGIN: 'me:s3cret' }),
    signal: new AbortController().signal,
    timeoutMs: 5000,
    registry: `${server.host}/team/app/web`,
    insecure: true,
    credentials: '${env:LOGIN}',
  })
  await client.request({ method: 'GET', path: 'manifests/latest', doing: 'reading' })
  return { client, asked }
}

const HARBOR = '/api/v2.0/projects/team/repositories/app%252Fweb/artifacts/'

test.each([
  ['Harbor', 'harbor-registry', [{ name: 'latest', immutable: true }], ['latest']],
  [
    'Harbor',
    'harbor-registry',
    [
      { name: 'latest', immutable: false },
      { name: 'old', immutable: true },
    ],
    [],
  ],
  ['Harbor without that', 'harbor-registry', [{ name: 'latest' }], []],
  ['ACR', 'myapp.azurecr.io', { tag: { changeableAttributes: { writeEnabled: false } } }, ['latest']],
  ['ACR', 'myapp.azurecr.io', { tag: { changeableAttributes: { writeEnabled: true } } }, []],
  ['anything else', 'harbor-registry', 'no list', []],
])('%s (%s) says by %j that these may not move: %j', async (_registry, service, document, immutable) => {
  const { client } = await openClient(service, document)

  expect(await findImmutableTags(client, [['latest', DIGEST]])).toEqual(immutable)
})

test('only a registry that has such an address is asked for it', async () => {
  const [harbor, other] = [await openClient('harbor-registry', []), await openClient('container_registry', [])]

  for (const { client } of [harbor, other]) await findImmutableTags(client, [['latest', DIGEST]])

  expect(harbor.asked).toEqual([`${HARBOR}${DIGEST}/tags with_immutable_status page_size`])
  expect(other.asked).toEqual([])
})
