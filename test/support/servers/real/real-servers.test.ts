import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { clientOutput, npmEnvironment } from '../../processes/run-client.ts'
import { temporaryFolder } from '../../temporary-folder.ts'
import { missingDockerRegistry, startDockerRegistry } from './docker-registry.ts'
import { missingVerdaccio, startVerdaccio } from './verdaccio.ts'

const noDockerRegistry = missingDockerRegistry()
const noVerdaccio = await missingVerdaccio()

describe.skipIf(noDockerRegistry)(`docker-registry ${noDockerRegistry ?? ''}`, () => {
  it('answers the version check, with credentials when it is told so', async () => {
    const [open, closed] = [await startDockerRegistry(), await startDockerRegistry({ auth: true })]
    const login = `Basic ${Buffer.from('user:secret').toString('base64')}`

    const answers = [
      await fetch(`${open.url}/v2/`),
      await fetch(`${closed.url}/v2/`),
      await fetch(`${closed.url}/v2/`, { headers: { authorization: login } }),
    ]

    await Promise.all([open.close(), closed.close()])
    expect(answers.map(({ status }) => status)).toEqual([200, 401, 200])
    await expect(fetch(`${open.url}/v2/`)).rejects.toThrow('fetch failed')
  })
})

describe.skipIf(noVerdaccio)(`verdaccio ${noVerdaccio ?? ''}`, () => {
  it('takes what npm publishes with its token', async () => {
    const verdaccio = await startVerdaccio()
    const folder = temporaryFolder('verdaccio-client')
    const env = npmEnvironment(folder, verdaccio, verdaccio.token)
    const project = join(folder, 'hello')
    mkdirSync(project)
    writeFileSync(join(project, 'package.json'), '{"name":"hello","version":"1.0.0"}')

    await clientOutput('npm', ['publish'], { cwd: project, env })

    const seen = await clientOutput('npm', ['view', 'hello', 'version'], { env })
    await verdaccio.close()
    expect(seen.trim()).toBe('1.0.0')
  })
})
