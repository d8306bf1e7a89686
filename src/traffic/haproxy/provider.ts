import { z } from 'zod'
import { perSlot, SLOTS, type PerSlot, type Slot, type TrafficSplit } from '../../domain/traffic/traffic.ts'
import { sanitize } from '../../domain/text/sanitize.ts'
import { BagboyError } from '../../errors/bagboy-error.ts'
import type { SocketAddress } from '../../platform/platform.ts'
import { defineProvider } from '../define-provider.ts'
import type { SlotState, TrafficContext } from '../provider.ts'
import { digestOf } from '../digest.ts'
import { firstToChange } from '../first-to-change.ts'
import { parseServersState, parseStat, toServer, type HaproxyServer } from './haproxy-servers.ts'
import { query, missing, order } from './haproxy-socket.ts'
import { slotMembers } from '../slot-members.ts'
import { spreadWeights } from '../spread-weights.ts'
import { keptWeights, saveState } from './haproxy-state-file.ts'
import { forgetClients, keptClients, stickTable } from './haproxy-stick-table.ts'

/** What HAProxy takes for a name; nothing that could end a command. */
const name = z.string().regex(/^[\w.:-]+$/u, 'is no name of HAProxy')
const ADDRESS = /^(?:tcp:\/\/)?(?:\[(?<six>[0-9a-fA-F:]+)\]|(?<host>[\w.-]+)):(?<port>\d{1,5})$/u

const socket = z.string().transform((text, context): SocketAddress => {
  if (text.startsWith('/')) return { path: text }
  const { six, host = six, port } = ADDRESS.exec(text)?.groups ?? {}
  if (host !== undefined && Number(port) <= 65_535) return { host, port: Number(port) }
  context.addIssue({
    code: 'custom',
    message: 'write an absolute path or an address: /run/haproxy/admin.sock, 127.0.0.1:9999',
  })
  return z.NEVER
})

const options = z.strictObject({
  /** The runtime API: the path of a unix socket, or `host:port`. Needs level admin. */
  socket,
  backend: name,
  /** Which servers of the backend are which slot: one each, or lists. */
  servers: slotMembers(name),
  /** HAProxy's own `server-state-file`: written after each change, so that a reload keeps the weights. */
  state_file: z.string().startsWith('/', 'write an absolute path').optional(),
  /** Where `stick` notes the server of each client, when that is not the table of the backend itself. */
  stick_table: name.optional(),
})
type HaproxyOptions = z.infer<typeof options>
type Context = TrafficContext<HaproxyOptions>

interface Seen {
  readonly servers: PerSlot<readonly HaproxyServer[]>
  /** The table in which clients are kept on a server; `undefined` without one. */
  readonly table: string | undefined
}

const MAX_WEIGHT = 256

/**
 * Weights through the runtime API: nothing is reloaded and no request is lost. Measured: the slot that gains is raised
 * before the other is lowered, on commands that are answered one after the other; otherwise both are 0 for a moment and
 * requests fail.
 */
export const haproxy = defineProvider<HaproxyOptions, Seen>({
  kind: 'haproxy',
  title: 'HAProxy',
  options,
  capabilities: () => ({
    weighted: true,
    granularity: 1,
    splitsBy: 'requests',
    drainMs: 1,
    hasConditionalWrite: false,
    isAtomic: false,
    countsRequests: true,
  }),

  // The slot that gets more is raised before the other is lowered.
  manualCommands: (split, { socket: address, backend, servers }) =>
    SLOTS.toSorted((a, b) => split[b] - split[a]).flatMap((slot) =>
      servers[slot].map(
        (server) =>
          `echo "set server ${backend}/${server} weight ${split[slot]}" | socat stdio ${socatAddress(address)}`,
      ),
    ),

  async observe(context) {
    const { backend, servers: names, state_file: file } = context.options
    const all = await readServers(context)
    refuseStrangers(all, context.options)
    const servers = perSlot((slot) => names[slot].map((each) => find(all, each, backend)))
    const weights = perSlot((slot) => total(servers[slot], ({ weight }) => weight))
    const evidence = all.map(({ name: server, weight, state, requestCount }) => ({
      server,
      weight,
      state,
      requestCount,
    }))
    const table = await stickTable(context)
    const stuck = table === undefined ? [] : await keptOnIdle(context, table, servers)
    const kept = file === undefined ? new Map<string, number>() : await keptWeights(context, file)
    const isKept =
      kept !== undefined &&
      all.every(({ name: server, weight, fileWeight }) => (kept.get(server) ?? fileWeight) === weight)
    return {
      weights,
      requests: perSlot((slot) => total(servers[slot], ({ requestCount }) => requestCount)),
      sessions: sessionsOn(servers),
      states: perSlot((slot) => stateOf(servers[slot])),
      revision: digestOf(all.map(({ name: server, weight, state }) => [server, weight, state === 'stopped'])),
      access: (await query(context, 'show cli level')).trim() === 'admin' ? 'write' : 'denied',
      warnings: [
        ...partlyDown(servers),
        ...(isKept ? [] : [lostAtReload(file)]),
        ...stickiness(servers, table),
        ...stuck,
      ],
      // Without a file nothing can be saved, and the warning is all there is to do.
      isComplete: (isKept || file === undefined) && stuck.length === 0,
      evidence: { backend, servers: evidence },
      seen: { servers, table },
    }
  },

  async apply(split, { weights, seen: { servers, table } }, context) {
    const wanted = wantedWeights(split, servers)
    const first = firstToChange(
      weights,
      perSlot((slot) => total(wanted[slot], (weight) => weight)),
    )
    for (const slot of [first, ...SLOTS.filter((each) => each !== first)]) {
      for (const [index, server] of servers[slot].entries()) {
        await setWeight(context, server, wanted[slot][index] ?? 0)
      }
    }
    // Without new ones a server still gets the clients that are kept on it.
    const left = SLOTS.filter((slot) => split[slot] === 0).flatMap((slot) => servers[slot])
    if (table !== undefined) await forgetClients(context, table, left)
    if (context.options.state_file !== undefined) await saveState(context, context.options.state_file)
  },

  async endSessions(slot, context) {
    const { backend, servers } = context.options
    for (const server of servers[slot]) await order(context, `shutdown sessions server ${backend}/${server}`)
    const table = await stickTable(context)
    if (table === undefined) return
    const all = await readServers(context)
    await forgetClients(
      context,
      table,
      all.filter((one) => servers[slot].includes(one.name)),
    )
  },
})

function sessionsOn(servers: Seen['servers']): PerSlot<number> | null {
  const isTold = SLOTS.every((slot) => servers[slot].every(({ sessionCount }) => sessionCount !== null))
  return isTold ? perSlot((slot) => total(servers[slot], ({ sessionCount }) => sessionCount ?? 0)) : null
}

/** Clients that HAProxy keeps on a slot although it is to get none. */
async function keptOnIdle(context: Context, table: string, servers: Seen['servers']): Promise<readonly string[]> {
  const idle = SLOTS.filter((slot) => servers[slot].every(({ weight }) => weight === 0))
  const counts = await Promise.all(
    idle.map(async (slot) => [slot, await keptClients(context, table, servers[slot])] as const),
  )
  return counts
    .filter(([, count]) => count !== 0)
    .map(
      ([slot, count]) =>
        `The table ${table} keeps ${count === 1 ? '1 client' : `${count ?? 'many'} clients`} on ${slot}, which gets no new ones.`,
    )
}

/** What a person should know of clients that come back to the same server. */
function stickiness(servers: Seen['servers'], table: string | undefined): readonly string[] {
  const hasCookie = SLOTS.some((slot) => servers[slot].some(({ cookie }) => cookie !== ''))
  return [
    ...(table === undefined
      ? []
      : [
          `HAProxy keeps a client on its server (table ${table}): until a slot has everything, a check through it asks one slot.`,
        ]),
    ...(hasCookie
      ? [
          'HAProxy keeps clients with its cookie on their slot also when that gets no new ones, until they lose the cookie.',
        ]
      : []),
  ]
}

function socatAddress(address: SocketAddress): string {
  return 'path' in address ? `'${address.path}'` : `TCP:${address.host}:${address.port}`
}

async function readServers(context: Context): Promise<readonly HaproxyServer[]> {
  const { backend } = context.options
  const answer = await query(context, `show servers state ${backend}`)
  if (answer.startsWith("Can't find backend")) throw missing(backend, 'it has no such backend')
  const states = parseServersState(answer)
  const stats = parseStat(await query(context, `show stat ${states[0]?.['be_id'] ?? '-1'} 4 -1`))
  return states.map((row) => toServer(row, stats))
}

function find(all: readonly HaproxyServer[], wanted: string, backend: string): HaproxyServer {
  const found = all.find(({ name: server }) => server === wanted)
  if (found) return found
  throw missing(backend, `it has no server ${wanted}, only ${all.map(({ name: server }) => server).join(', ')}`)
}

/** A share is only true while no other server takes requests. */
function refuseStrangers(all: readonly HaproxyServer[], { servers, backend }: HaproxyOptions): void {
  const known = new Set([...servers.blue, ...servers.green])
  const stranger = all.find(
    ({ name: server, isBackup, weight, state }) =>
      !known.has(server) && !isBackup && weight > 0 && state !== 'stopped' && state !== 'unresolved',
  )
  if (!stranger) return
  throw new BagboyError(
    'CONFIG_INVALID',
    `HAProxy: server ${sanitize(stranger.name, 100)} of backend ${backend} takes requests and belongs to no slot`,
    { hint: 'Add it to servers.blue or servers.green under blue_green.traffic, or set its weight to 0.' },
  )
}

/** All or nothing is what the file has: a static algorithm takes nothing else. A share goes by the servers' own capacities. */
function wantedWeights(split: TrafficSplit, servers: Seen['servers']): PerSlot<readonly number[]> {
  const capacities = perSlot((slot) => {
    const own = servers[slot].map(({ fileWeight }) => fileWeight)
    return own.includes(0) ? own.map(() => 1) : own
  })
  const isWhole = (slot: Slot): boolean =>
    split[slot] === 100 && servers[slot].every(({ fileWeight }) => fileWeight > 0)
  const spread = spreadWeights(split, capacities, MAX_WEIGHT)
  return perSlot((slot) => (isWhole(slot) ? capacities[slot] : spread[slot]))
}

async function setWeight(context: Context, { name: server, weight }: HaproxyServer, wanted: number): Promise<void> {
  if (weight === wanted) return
  await order(context, `set server ${context.options.backend}/${server} weight ${wanted}`)
}

/** A slot is as good as the best of its servers. */
const BEST_FIRST = ['up', 'down', 'unresolved'] as const

function stateOf(servers: readonly HaproxyServer[]): SlotState {
  const states = servers.map(({ state }) => state)
  return BEST_FIRST.find((state) => states.includes(state)) ?? 'stopped'
}

function partlyDown(servers: Seen['servers']): readonly string[] {
  return SLOTS.flatMap((slot) => {
    const away = servers[slot].filter(({ state }) => state !== 'up')
    if (away.length === 0 || away.length === servers[slot].length) return []
    const names = away.map(({ name: server, state }) => `${server} is ${state}`)
    return [
      `${slot} works with ${servers[slot].length - away.length} of ${servers[slot].length} servers: ${names.join(', ')}`,
    ]
  })
}

function lostAtReload(file: string | undefined): string {
  if (file !== undefined) return `A reload of HAProxy would bring back other weights: ${file} does not hold these.`
  return 'A reload of HAProxy would bring back the weights of its file: set state_file, server-state-file and load-server-state-from-file global.'
}

function total<Item>(items: readonly Item[], value: (item: Item) => number): number {
  return items.reduce((sum, item) => sum + value(item), 0)
}
