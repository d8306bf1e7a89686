import { BagboyError } from '../../errors/bagboy-error.ts'
import type { SocketAddress } from '../../platform/platform.ts'
import type { TrafficContext } from '../provider.ts'
import { parseServersState } from './haproxy-servers.ts'
import { query } from './haproxy-socket.ts'

const MAX_BYTES = 16 * 1024 * 1024

type Context = TrafficContext<{ readonly socket: SocketAddress; readonly backend: string }>

/**
 * The weights of our backend that the state file would bring back, by server; `undefined` when it cannot be read, which
 * does not prevent a switch.
 */
export async function keptWeights(context: Context, file: string): Promise<ReadonlyMap<string, number> | undefined> {
  const text = await readText(context, file)
  if (text === undefined) return undefined
  // HAProxy is started with an empty file, and an empty file is no state of any version.
  if (text.trim() === '') return new Map()
  const ours = parseServersState(text).filter((row) => row['be_name'] === context.options.backend)
  return new Map(ours.map((row) => [row['srv_name'] ?? '', Number(row['srv_uweight'])]))
}

async function readText({ platform }: Context, file: string): Promise<string | undefined> {
  try {
    return new TextDecoder().decode(await platform.files.read(file, MAX_BYTES))
  } catch (error) {
    if (error instanceof BagboyError && ['DISK', 'FILE_REFUSED'].includes(error.code)) return undefined
    throw error
  }
}

/** All backends: the file is one for the whole process. */
export async function saveState(context: Context, file: string): Promise<void> {
  const state = await query(context, 'show servers state')
  parseServersState(state)
  const beforeSend = await context.fence?.()
  beforeSend?.()
  await context.platform.files.replace(file, new TextEncoder().encode(state))
}
