import { describe } from 'vitest'
import { startOciRegistry } from '../../../src/sandbox/servers/oci/oci-registry.ts'
import { startDockerRegistry, missingDockerRegistry } from '../../support/servers/real/docker-registry.ts'
import { missingGoRegistry, startGoRegistry } from '../../support/servers/real/go-registry.ts'
import { clientOutput } from '../../support/processes/run-client.ts'
import type { ImageTarget } from '../../support/releases/publish-image.ts'
import { createDockerFixture } from './docker-fixture.ts'
import { REGISTRY, testDriver } from './driver-contract.ts'

const AUTH = { user: 'publisher', secret: 'loopback-only' }
const LOGIN = `${AUTH.user}:${AUTH.secret}`

testDriver('docker, basic credentials', async () =>
  createDockerFixture({ registry: await startOciRegistry({ auth: AUTH }), login: LOGIN }),
)

testDriver('docker, bearer tokens, several architectures', async () =>
  createDockerFixture({
    registry: await startOciRegistry({ auth: { ...AUTH, scheme: 'bearer' } }),
    login: LOGIN,
    keptIn: 'environment',
    architectures: ['amd64', 'arm64'],
  }),
)

const missing = missingDockerRegistry()
describe.skipIf(missing)(`docker-registry ${missing ?? ''}`, () => {
  testDriver('docker, read back by skopeo', async () =>
    createDockerFixture({
      registry: await startDockerRegistry({ auth: true }),
      login: 'user:secret',
      architectures: ['amd64', 'arm64'],
      servedVersion: inspectWithSkopeo,
    }),
  )
})

const missingGo = missing ?? (await missingGoRegistry())
describe.skipIf(missingGo)(`go-containerregistry ${missingGo ?? ''}`, () => {
  testDriver(
    'docker, another make of registry',
    async () =>
      createDockerFixture({
        registry: await startGoRegistry(),
        architectures: ['amd64', 'arm64'],
        servedVersion: inspectWithSkopeo,
      }),
    { ...REGISTRY, hasCredentials: false },
  )
})

async function inspectWithSkopeo({ url, repository, login = '' }: ImageTarget): Promise<string | null> {
  const image = `docker://${new URL(url).host}/${repository}:latest`
  const args = [
    '--override-arch',
    'amd64',
    'inspect',
    '--tls-verify=false',
    ...(login === '' ? [] : ['--creds', login]),
    image,
  ]
  const { Labels } = JSON.parse(await clientOutput('skopeo', args)) as { Labels: Readonly<Record<string, string>> }
  return Labels['org.opencontainers.image.version'] ?? null
}
