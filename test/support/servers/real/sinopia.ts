import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePort } from '../free-port.ts'
import { temporaryFolder } from '../../temporary-folder.ts'
import { startChildServer } from './child-server.ts'
import { installServer } from './install-server.ts'

export interface Sinopia {
  readonly url: string
  /** `127.0.0.1:41234` */
  readonly host: string
  /** User and password in base64: its tokens need a cipher that Node has no more. */
  readonly basic: string
  readonly close: () => Promise<void>
}

const USER = 'publisher'
const PASSWORD = 'loopback-only'

/** Why its suites are skipped on this machine; `undefined` when they can run. Installs it on first use. */
export async function missingSinopia(): Promise<string | undefined> {
  const installed = await installServer('sinopia')
  return 'missing' in installed ? installed.missing : undefined
}

/** Sinopia with an empty store and no registry behind it. */
export async function startSinopia(): Promise<Sinopia> {
  const installed = await installServer('sinopia')
  if ('missing' in installed) throw new Error(installed.missing)
  const folder = temporaryFolder('sinopia')
  const configuration = join(folder, 'config.yaml')
  const hash = createHash('sha1').update(PASSWORD).digest('base64')
  writeFileSync(join(folder, 'htpasswd'), `${USER}:{SHA}${hash}\n`)
  writeFileSync(configuration, configurationFor(folder))
  const host = `127.0.0.1:${await freePort()}`
  const url = `http://${host}`
  const args = [installed.program, `--config=${configuration}`, `--listen=${url}`]
  const server = startChildServer(process.execPath, args)
  await server.waitFor(() => ping(url))
  return { url, host, basic: Buffer.from(`${USER}:${PASSWORD}`).toString('base64'), close: () => server.stop() }
}

function configurationFor(folder: string): string {
  const rights = '{access: $all, publish: $authenticated}'
  return [
    `storage: ${JSON.stringify(join(folder, 'storage'))}`,
    `auth: {htpasswd: {file: ${JSON.stringify(join(folder, 'htpasswd'))}}}`,
    'uplinks: {}',
    `packages: {'@*/*': ${rights}, '*': ${rights}}`,
    'max_body_size: 50mb',
    'logs: [{type: stdout, format: pretty, level: warn}]',
    '',
  ].join('\n')
}

/** It knows no ping: any answer is one. */
async function ping(url: string): Promise<true | undefined> {
  const answer = await fetch(`${url}/-/whoami`).catch(() => undefined)
  return answer ? true : undefined
}
