import { startChildServer } from './child-server.ts'
import type { DockerRegistry } from './docker-registry.ts'
import { installGoRegistry } from './install-go-registry.ts'

/** Why its suites are skipped on this machine; `undefined` when they can run. Builds it on first use. */
export async function missingGoRegistry(): Promise<string | undefined> {
  const installed = await installGoRegistry()
  return 'missing' in installed ? installed.missing : undefined
}

/** The registry of go-containerregistry: in memory, open to everybody. */
export async function startGoRegistry(): Promise<DockerRegistry> {
  const installed = await installGoRegistry()
  if ('missing' in installed) throw new Error(installed.missing)
  const server = startChildServer(installed.program, ['-port', '0'])
  const port = await server.waitFor(async () => /serving on port (\d+)/u.exec(server.output())?.[1])
  const host = `localhost:${port}`
  return { url: `http://${host}`, host, close: () => server.stop() }
}
