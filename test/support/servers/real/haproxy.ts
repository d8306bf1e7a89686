import { writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import type { PerSlot } from '../../../../src/domain/traffic/traffic.ts'
import { freePort } from '../free-port.ts'
import { findProgram } from '../../processes/run-client.ts'
import { temporaryFolder } from '../../temporary-folder.ts'
import { startChildServer } from './child-server.ts'

/** A balancer with a runtime API, HAProxy or what speaks like it. */
export interface RuntimeBalancer {
  /** Where requests go in. */
  readonly url: string
  /** Its runtime API: with every right, and one that may not change servers. */
  readonly sockets: { readonly admin: string; readonly operator: string }
  readonly stateFile: string
  /** One command to the runtime API, past everything of ours. */
  command(text: string): Promise<string>
  close(): Promise<void>
}

export interface Haproxy extends RuntimeBalancer {
  /** `tcp` is `admin` over TCP. */
  readonly sockets: RuntimeBalancer['sockets'] & { readonly tcp: string }
  /** Starts new workers with the file as it is, and waits until they have taken over. */
  reload(): Promise<void>
}

export interface HaproxySettings {
  readonly hosts: PerSlot<string>
  /** Default: blue 100, green 0. */
  readonly weights?: PerSlot<number>
  /** Default: `http`. */
  readonly mode?: 'http' | 'tcp'
  /** More lines of backend `app`. */
  readonly more?: readonly string[]
}

/** Why its suites are skipped on this machine; `undefined` when they can run. */
export function missingHaproxy(): string | undefined {
  return findProgram('haproxy') ? undefined : 'not installed: haproxy (apt-get install haproxy)'
}

/** HAProxy with the servers `app1` (blue) and `app2` (green): weighted in backend `app`, all or nothing in `static`. */
export async function startHaproxy(settings: HaproxySettings): Promise<Haproxy> {
  const { hosts, weights = { blue: 100, green: 0 }, more = [], mode = 'http' } = settings
  const folder = temporaryFolder('haproxy')
  const [port, tcpPort] = [await freePort(), await freePort()]
  const place = (name: string) => join(folder, name)
  const [configuration, stateFile] = [place('haproxy.cfg'), place('state')]
  const sockets = { admin: place('admin'), operator: place('operator'), tcp: `127.0.0.1:${tcpPort}` }
  writeFileSync(stateFile, '')
  writeFileSync(configuration, configurationFor({ hosts, weights, more, mode, port, sockets, stateFile }))
  const server = startChildServer('haproxy', ['-W', '-db', '-S', place('master'), '-f', configuration], {
    signal: 'TERM',
  })
  /** Process ids; the master is away for a moment while it starts anew. */
  const workers = async (): Promise<readonly string[]> => {
    const listed = await converse(place('master'), 'show proc').catch(() => '')
    return [...listed.matchAll(/^(\d+)\s+worker\b/gmu)].map(([, pid = '']) => pid)
  }
  await server.waitFor(() => answered(sockets.admin))
  return {
    url: `http://127.0.0.1:${port}`,
    sockets,
    stateFile,
    command: (text) => converse(sockets.admin, text),
    async reload() {
      // The workers answer before their master listens.
      const before = await server.waitFor(async () => {
        const now = await workers()
        return now.length > 0 ? now : undefined
      })
      await converse(place('master'), 'reload')
      await server.waitFor(async () => {
        const now = await workers()
        return now.length > 0 && !now.some((pid) => before.includes(pid)) ? answered(sockets.admin) : undefined
      })
    },
    close: () => server.stop(),
  }
}

async function answered(socket: string): Promise<true | undefined> {
  const answer = await converse(socket, 'show info').catch(() => '')
  return answer.includes('Name: HAProxy') ? true : undefined
}

interface Places {
  readonly hosts: PerSlot<string>
  readonly weights: PerSlot<number>
  readonly more: readonly string[]
  readonly mode: 'http' | 'tcp'
  readonly port: number
  readonly sockets: Haproxy['sockets']
  readonly stateFile: string
}

function configurationFor({ hosts, weights, more, mode, port, sockets, stateFile }: Places): string {
  return `global
  stats socket ${sockets.admin} mode 600 level admin expose-fd listeners
  stats socket ${sockets.operator} mode 600 level operator
  stats socket ipv4@${sockets.tcp} level admin
  server-state-file ${stateFile}
  hard-stop-after 1s
defaults
  mode ${mode}
  timeout connect 2s
  timeout client 30s
  timeout server 30s
  load-server-state-from-file global
frontend entry
  bind 127.0.0.1:${port}
  default_backend app
backend app
  balance roundrobin
  server app1 ${hosts.blue} weight ${weights.blue}
  server app2 ${hosts.green} weight ${weights.green}
  server spare ${hosts.blue} backup
${more.map((line) => `  ${line}\n`).join('')}backend static
  balance static-rr
  server app1 ${hosts.blue} weight 100
  server app2 ${hosts.green} weight 100
`
}

/** One line to a runtime API, and all that is answered. */
export function converse(path: string, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = ''
    const socket = connect(path)
    socket.setEncoding('utf8')
    socket.on('data', (part: string) => (answer += part))
    socket.once('error', reject)
    socket.once('close', () => resolve(answer))
    // The master answers for as long as queries may still come.
    socket.end(`${text}\n`)
  })
}
