import { writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import type { PerSlot } from '../../../src/domain/traffic.ts'
import { freePort } from '../free-port.ts'
import { findProgram } from '../run-client.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { startChildServer } from './child-server.ts'

export interface Haproxy {
  /** Where requests go in. */
  readonly url: string
  /** Its runtime API: with every right, the same over TCP, and one that may not change servers. */
  readonly sockets: { readonly admin: string; readonly tcp: string; readonly operator: string }
  readonly stateFile: string
  /** One command to the runtime API, past everything of ours. */
  command(text: string): Promise<string>
  /** Starts new workers with the file as it is, and waits until they have taken over. */
  reload(): Promise<void>
  close(): Promise<void>
}

export interface HaproxySettings {
  readonly hosts: PerSlot<string>
  /** Default: blue 100, green 0. */
  readonly weights?: PerSlot<number>
}

/** Why its suites are skipped on this machine; `undefined` when they can run. */
export function missingHaproxy(): string | undefined {
  return findProgram('haproxy') ? undefined : 'not installed: haproxy (apt-get install haproxy)'
}

/** HAProxy with the servers `app1` (blue) and `app2` (green): weighted in backend `app`, all or nothing in `static`. */
export async function startHaproxy({ hosts, weights = { blue: 100, green: 0 } }: HaproxySettings): Promise<Haproxy> {
  const folder = temporaryFolder('haproxy')
  const [port, tcpPort] = [await freePort(), await freePort()]
  const place = (name: string) => join(folder, name)
  const [configuration, stateFile] = [place('haproxy.cfg'), place('state')]
  const sockets = { admin: place('admin'), operator: place('operator'), tcp: `127.0.0.1:${tcpPort}` }
  writeFileSync(stateFile, '')
  writeFileSync(configuration, configurationFor({ hosts, weights, port, sockets, stateFile }))
  const server = startChildServer('haproxy', ['-W', '-db', '-S', place('master'), '-f', configuration], {
    signal: 'TERM',
  })
  const workers = async () => (await converse(place('master'), 'show proc').catch(() => '')).split('\n')
  await server.waitFor(() => answered(sockets.admin))
  return {
    url: `http://127.0.0.1:${port}`,
    sockets,
    stateFile,
    command: (text) => converse(sockets.admin, text),
    async reload() {
      const before = (await workers()).filter((line) => line.includes('worker'))
      await converse(place('master'), 'reload')
      await server.waitFor(async () => {
        const now = (await workers()).filter((line) => line.includes('worker'))
        const isNew = now.length > 0 && !now.some((line) => before.some((old) => pidOf(old) === pidOf(line)))
        return isNew ? answered(sockets.admin) : undefined
      })
    },
    close: () => server.stop(),
  }
}

function pidOf(line: string): string {
  return line.trim().split(/\s+/u)[0] ?? ''
}

async function answered(socket: string): Promise<true | undefined> {
  const answer = await converse(socket, 'show info').catch(() => '')
  return answer.includes('Name: HAProxy') ? true : undefined
}

interface Places {
  readonly hosts: PerSlot<string>
  readonly weights: PerSlot<number>
  readonly port: number
  readonly sockets: Haproxy['sockets']
  readonly stateFile: string
}

function configurationFor({ hosts, weights, port, sockets, stateFile }: Places): string {
  return `global
  stats socket ${sockets.admin} mode 600 level admin expose-fd listeners
  stats socket ${sockets.operator} mode 600 level operator
  stats socket ipv4@${sockets.tcp} level admin
  server-state-file ${stateFile}
  hard-stop-after 1s
defaults
  mode http
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
backend static
  balance static-rr
  server app1 ${hosts.blue} weight 100
  server app2 ${hosts.green} weight 100
`
}

function converse(path: string, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = ''
    const socket = connect(path)
    socket.setEncoding('utf8')
    socket.on('data', (part: string) => (answer += part))
    socket.once('error', reject)
    socket.once('close', () => resolve(answer))
    socket.write(`${text}\n`)
  })
}
