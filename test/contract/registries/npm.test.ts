import { afterAll, describe } from 'vitest'
import { startNpmRegistry, type NpmRegistry } from '../../../src/sandbox/servers/npm/npm-registry.ts'
import { missingVerdaccio, startVerdaccio } from '../../support/servers/real/verdaccio.ts'
import { clientOutput, npmEnvironment } from '../../support/processes/run-client.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { testDriver } from './driver-contract.ts'
import { createNpmFixture } from './npm-fixture.ts'

const TOKEN = 'npm_loopbackonly000000000000000000000'

testDriver('npm, one package, token in .npmrc', async () => {
  const server = await startNpmRegistry({ token: TOKEN })
  return createNpmFixture({ registry: { ...server, token: TOKEN }, name: 'myapp', ...localWorld(server) })
})

testDriver('npm, with platform packages, token in the environment', async () => {
  const server = await startNpmRegistry({ token: TOKEN })
  return createNpmFixture({
    registry: { ...server, token: TOKEN },
    name: 'myapp',
    platforms: ['linux', 'macos'],
    keptIn: 'environment',
    ...localWorld(server),
  })
})

const missing = await missingVerdaccio()
describe.skipIf(missing)(`verdaccio ${missing ?? ''}`, () => {
  const starting = missing === undefined ? startVerdaccio() : undefined
  let fixtureCount = 0
  afterAll(async () => (await starting)?.close())

  testDriver('npm, read back by npm view', async () => {
    const verdaccio = await (starting ?? startVerdaccio())
    const env = npmEnvironment(temporaryFolder('npm-client'), verdaccio, verdaccio.token)
    const npmClient = async (...args: readonly string[]) => (await clientOutput('npm', args, { env })).trim()
    fixtureCount += 1
    return createNpmFixture({
      registry: { ...verdaccio, close: async () => undefined },
      name: `myapp-${fixtureCount}`,
      platforms: ['linux'],
      servedVersion: (name) => npmClient('view', name, 'version'),
      unpublish: async (name, version) => void (await npmClient('unpublish', `${name}@${version}`, '--force')),
    })
  })
})

function localWorld({ state }: NpmRegistry) {
  return {
    servedVersion: async (name: string) => state.packages.get(name)?.distTags.get('latest') ?? null,
    unpublish: async (name: string, version: string) => void state.packages.get(name)?.versions.delete(version),
  }
}
