import { execFileSync } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { freePort } from '../free-port.ts'
import { findProgram } from '../../processes/run-client.ts'
import { temporaryFolder } from '../../temporary-folder.ts'
import { startChildServer } from './child-server.ts'

export interface Apache {
  /** `127.0.0.1:port` */
  readonly host: string
  /** Where its configuration stands, which may include other files. */
  readonly folder: string
  /** Words of a command line for this server: `-t`, `-k graceful`. */
  words(...args: readonly string[]): readonly string[]
  close(): Promise<void>
}

export interface ApacheSettings {
  /** Beside those that every server needs: `proxy`, `proxy_connect`. */
  readonly modules: readonly string[]
  /** Lines of the configuration, for the folder that it stands in. */
  readonly lines: (folder: string) => readonly string[]
}

const MODULES = ['mpm_event', 'authz_core', 'unixd'] as const
export const MODULE_FOLDER = '/usr/lib/apache2/modules'

/** Why its suites are skipped on this machine; `undefined` when they can run. */
export function missingApache(): string | undefined {
  return findProgram('apache2') && findProgram('htpasswd')
    ? undefined
    : 'not installed: apache2 (apt-get install apache2-bin apache2-utils)'
}

/** The Apache HTTP server with only what the settings ask for. */
export async function startApache({ modules, lines }: ApacheSettings): Promise<Apache> {
  const folder = temporaryFolder('apache')
  const port = await freePort()
  const configuration = join(folder, 'apache.conf')
  const loaded = [...MODULES, ...modules].map(loadModule)
  const own = [
    `ServerRoot ${folder}`,
    `PidFile ${folder}/pid`,
    `ErrorLog ${folder}/error.log`,
    `DefaultRuntimeDir ${folder}`,
    'ServerName localhost',
    `Listen 127.0.0.1:${port}`,
    'StartServers 1',
    'ServerLimit 1',
    'ThreadsPerChild 25',
    'MaxRequestWorkers 25',
  ]
  writeFileSync(configuration, `${[...loaded, ...own, ...lines(folder)].join('\n')}\n`)
  const words = (...args: readonly string[]) => ['apache2', '-f', configuration, ...args]
  const [file = '', ...args] = words('-D', 'FOREGROUND')
  const server = startChildServer(file, args, { signal: 'TERM' })
  // It listens before it reads its configuration for the second time; what is written into that folder now would be read.
  await server.waitFor(async () => (existsSync(join(folder, 'pid')) ? isListening(port) : undefined))
  return { host: `127.0.0.1:${port}`, folder, words, close: () => server.stop() }
}

/** Some builds have a module inside, which must not be loaded again. */
function loadModule(name: string): string {
  const load = `LoadModule ${name}_module ${MODULE_FOLDER}/mod_${name}.so`
  return `<IfModule !${name}_module>\n${load}\n</IfModule>`
}

/** Every `user:secret` in the form of an `AuthUserFile`. */
export function passwordFile(file: string, ...logins: readonly string[]): void {
  writeFileSync(file, '')
  for (const login of logins) {
    const [user = '', secret = ''] = login.split(':')
    execFileSync('htpasswd', ['-b', file, user, secret], { stdio: 'ignore' })
  }
}

function isListening(port: number): Promise<true | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port })
    socket.once('connect', () => resolve(true))
    socket.once('error', () => resolve(undefined))
    socket.once('close', () => resolve(undefined))
    socket.once('connect', () => socket.destroy())
  })
}
