import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { findProgram } from '../../processes/run-client.ts'
import { temporaryFolder } from '../../temporary-folder.ts'
import { startChildServer } from './child-server.ts'

export interface DockerRegistry {
  readonly url: string
  /** `127.0.0.1:41234` */
  readonly host: string
  readonly close: () => Promise<void>
}

/** Why its suites are skipped on this machine; `undefined` when they can run. */
export function missingDockerRegistry(): string | undefined {
  const missing = ['docker-registry', 'skopeo'].filter((name) => !findProgram(name))
  return missing.length > 0 ? `not installed: ${missing.join(', ')} (apt-get install ${missing.join(' ')})` : undefined
}

/** Distribution's registry with an empty store. With `auth` it takes user `user`, secret `secret`. */
export async function startDockerRegistry(options: { readonly auth?: boolean } = {}): Promise<DockerRegistry> {
  const folder = temporaryFolder('docker-registry')
  const lines = [
    'version: 0.1',
    'log: {level: info, accesslog: {disabled: true}}',
    'storage:',
    `  filesystem: {rootdirectory: ${JSON.stringify(join(folder, 'data'))}}`,
    '  delete: {enabled: true}',
    '  maintenance: {uploadpurging: {enabled: false}}',
    'http: {addr: "127.0.0.1:0", secret: loopback-only}',
  ]
  if (options.auth) {
    const passwords = join(folder, 'htpasswd')
    // bcrypt of `secret` at the lowest cost: the registry computes it for every request.
    writeFileSync(passwords, 'user:$2y$04$Yl1WyIGkRZdzhK/hprc4ke.BORlAXc/1w9eyDFKP8VqvF9Lj7HGZa\n')
    lines.push(`auth: {htpasswd: {realm: test, path: ${JSON.stringify(passwords)}}}`)
  }
  const configuration = join(folder, 'config.yml')
  writeFileSync(configuration, `${lines.join('\n')}\n`)
  const server = startChildServer('docker-registry', ['serve', configuration])
  const host = await server.waitFor(async () => /listening on (127\.0\.0\.1:\d+)/u.exec(server.output())?.[1])
  return { url: `http://${host}`, host, close: () => server.stop() }
}
