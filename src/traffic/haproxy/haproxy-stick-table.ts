import { BagboyError } from '../../errors/bagboy-error.ts'
import type { SocketAddress } from '../../platform/platform.ts'
import type { TrafficContext } from '../provider.ts'
import type { HaproxyServer } from './haproxy-servers.ts'
import { query, order } from './haproxy-socket.ts'

type Context = TrafficContext<{
  readonly socket: SocketAddress
  readonly backend: string
  readonly stick_table?: string | undefined
}>

/** Between two tries to remove entries that were in use, ms. */
const LOOK_MS = 50
const MAX_ATTEMPTS = 10

/** The table in which HAProxy notes the server of each client; `undefined` where it keeps none. */
export async function stickTable(context: Context): Promise<string | undefined> {
  const { backend, stick_table: name = backend } = context.options
  const listed = await query(context, 'show table')
  if (!listed.split('\n').some((line) => line.startsWith(`# table: ${name},`))) return undefined
  // A table may count something else of a client: then it has no servers, and no such filter.
  const answer = await query(context, `show table ${name} data.server_id eq 0`)
  return answer.startsWith('# table:') ? name : undefined
}

/** How many clients are kept on these servers; `null` when they are more than can be listed. */
export async function keptClients(
  context: Context,
  table: string,
  servers: readonly HaproxyServer[],
): Promise<number | null> {
  let count = 0
  for (const { serverId } of servers) {
    const listed = await list(context, `show table ${table} data.server_id eq ${serverId}`)
    if (listed === undefined) return null
    count += listed.match(/^0x/gmu)?.length ?? 0
  }
  return count
}

async function list(context: Context, command: string): Promise<string | undefined> {
  try {
    return await query(context, command)
  } catch (error) {
    // More than one answer may hold, so it was cut off.
    if (error instanceof BagboyError && error.code === 'REGISTRY_BROKEN') return undefined
    throw error
  }
}

/**
 * Forgets that clients are kept on these servers, so that their next connection goes where the weights say. What is in use
 * by a connection cannot be removed yet, and what is just being connected is noted a moment later: it is tried a few times.
 */
export async function forgetClients(context: Context, table: string, servers: readonly HaproxyServer[]): Promise<void> {
  const { clock } = context.platform
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    for (const { serverId } of servers) await order(context, `clear table ${table} data.server_id eq ${serverId}`)
    await clock.sleep(LOOK_MS, context.signal)
    if ((await keptClients(context, table, servers)) === 0) return
  }
}
