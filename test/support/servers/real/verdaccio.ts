import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePort } from '../free-port.ts'
import { temporaryFolder } from '../../temporary-folder.ts'
import { startChildServer } from './child-server.ts'
import { installServer } from './install-server.ts'

export interface Verdaccio {
  readonly url: string
  /** `127.0.0.1:41234` */
  readonly host: string
  /** Of a user who may publish everything. */
  readonly token: string
  readonly close: () => Promise<void>
}

/** Why its suites are skipped on this machine; `undefined` when they can run. Installs it on first use. */
export async function missingVerdaccio(): Promise<string | undefined> {
  const installed = await installServer('verdaccio')
  return 'missing' in installed ? installed.missing : undefined
}

/** Verdaccio with an empty store and no registry behind it. */
export async function startVerdaccio(): Promise<Verdaccio> {
  const installed = await installServer('verdaccio')
  if ('missing' in installed) throw new Error(installed.missing)
  const folder = temporaryFolder('verdaccio')
  const configuration = join(folder, 'config.yaml')
  writeFileSync(configuration, configurationFor(folder))
  const host = `127.0.0.1:${await freePort()}`
  const url = `http://${host}`
  const server = startChildServer(process.execPath, [installed.program, `--config=${configuration}`, `--listen=${url}`])
  await server.waitFor(() => ping(url))
  return { url, host, token: await addUser(url), close: () => server.stop() }
}

function configurationFor(folder: string): string {
  const rights = '{access: $all, publish: $authenticated, unpublish: $authenticated}'
  return [
    `storage: ${JSON.stringify(join(folder, 'storage'))}`,
    // The lowest bcrypt cost: it is computed for every request.
    `auth: {htpasswd: {file: ${JSON.stringify(join(folder, 'htpasswd'))}, algorithm: bcrypt, rounds: 4}}`,
    'uplinks: {}',
    `packages: {'@*/*': ${rights}, '**': ${rights}}`,
    'publish: {allow_offline: true}',
    'web: {enable: false}',
    'userRateLimit: {windowMs: 50000, max: 10000}',
    'max_body_size: 50mb',
    'log: {type: stdout, format: json, level: warn}',
    '',
  ].join('\n')
}

/** Refused connections are what is waited out; anything else shows in the answer. */
async function ping(url: string): Promise<true | undefined> {
  const answer = await fetch(`${url}/-/ping`).catch(() => undefined)
  return answer?.ok ? true : undefined
}

async function addUser(url: string): Promise<string> {
  const name = 'publisher'
  const answer = await fetch(`${url}/-/user/org.couchdb.user:${name}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ _id: `org.couchdb.user:${name}`, name, password: 'loopback-only', type: 'user', roles: [] }),
  })
  const { token } = (await answer.json()) as { readonly token?: string }
  if (token === undefined) throw new Error(`verdaccio made no user: ${answer.status}`)
  return token
}
