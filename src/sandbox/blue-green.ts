import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { SLOTS, type PerSlot, type Slot } from '../domain/traffic/traffic.ts'
import { BagboyError } from '../errors/bagboy-error.ts'
import { startBalancer } from './servers/balancer/balancer.ts'
import { startSlots } from './servers/balancer/slots.ts'
import { startUsers } from './servers/users.ts'

/** Which slot got which version, oldest first: what a slot got last is what it runs, and the last of all is live. */
export type Placements = readonly (readonly [version: string, slot: Slot])[]

/** Where a project finds its two slots and what divides between them. */
export interface BlueGreenSite {
  readonly slots: PerSlot<string>
  /** The runtime API. Absolute. */
  readonly socket: string
  /** Absolute. */
  readonly stateFile: string
  /** Where a slot is told what to run. */
  readonly control: string
  readonly placements: Placements
}

/** A running application in two slots behind a balancer, with users. */
export interface BlueGreen {
  /** Where its users come in. */
  readonly url: string
  readonly site: BlueGreenSite
  /** From now on this version fails too. Bare. */
  breakVersion(version: string): void
  close(): Promise<void>
}

/** As the sandbox's `haproxy.cfg` would call them. */
export const BACKEND = 'app'
export const SERVERS: PerSlot<string> = { blue: 'app1', green: 'app2' }

const CHECK = { path: '/health', intervalMs: 500, fall: 3, rise: 2 } as const
const USERS_PER_SECOND = 8
/** Of the path of a socket, in bytes; less than on Linux, as many as on macOS. */
const MAX_SOCKET_PATH = 103

interface BlueGreenOptions {
  /** For socket and state file. */
  readonly folder: string
  readonly placements: Placements
  /** What fails in which version: bare version → path. */
  readonly failing: ReadonlyMap<string, string>
  readonly latencyMs: number
}

/** @throws USAGE when the folder's path is too long for a socket in it */
export async function startBlueGreen(options: BlueGreenOptions): Promise<BlueGreen> {
  const { folder, placements, failing, latencyMs } = options
  const [socket, stateFile] = [join(folder, 'haproxy.sock'), join(folder, 'haproxy.state')]
  requireShort(socket)
  const live = placements.at(-1)?.[1]
  const broken = new Map(failing)
  const slots = await startSlots({ versions: versionsIn(placements), failing: broken, latencyMs })
  const servers = SLOTS.map((slot) => ({
    name: SERVERS[slot],
    host: slots.servers[slot].host,
    weight: slot === live ? 100 : 0,
    check: CHECK,
  }))
  try {
    // HAProxy is started with an empty one as well.
    await writeFile(stateFile, '')
    const backends = [{ name: BACKEND, algorithm: 'roundrobin', servers }] as const
    const balancer = await startBalancer({ backends, sockets: { admin: socket } })
    const stopUsers = startUsers(balancer.url, USERS_PER_SECOND)
    return {
      url: balancer.url,
      site: {
        slots: { blue: slots.servers.blue.url, green: slots.servers.green.url },
        socket,
        stateFile,
        control: slots.control.url,
        placements,
      },
      breakVersion: (version) => void broken.set(version, '/login'),
      async close() {
        stopUsers()
        await Promise.all([balancer.close(), slots.close()])
      },
    }
  } catch (error) {
    await slots.close()
    throw error
  }
}

function requireShort(socket: string): void {
  if (Buffer.byteLength(socket) <= MAX_SOCKET_PATH) return
  throw new BagboyError('USAGE', `The path of the sandbox is too long for a socket in it: ${socket}`, {
    hint: 'Set TMPDIR to a folder with a shorter path.',
  })
}

function versionsIn(placements: Placements): PerSlot<string> {
  const lastIn = (wanted: Slot): string => placements.findLast(([, slot]) => slot === wanted)?.[0] ?? ''
  return { blue: lastIn('blue'), green: lastIn('green') }
}
