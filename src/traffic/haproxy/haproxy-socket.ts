import { sanitize } from '../../domain/text/sanitize.ts'
import { BagboyError } from '../../errors/bagboy-error.ts'
import type { SocketAddress } from '../../platform/platform.ts'
import type { TrafficContext } from '../provider.ts'

/** Of an answer that is shown, in characters. */
const EXCERPT_LENGTH = 200

type Context = TrafficContext<{ readonly socket: SocketAddress; readonly backend: string }>

/**
 * Sends a query to the runtime API. The connection is closed after each answer, so a whole answer is one that ended.
 */
export async function query(context: Context, command: string): Promise<string> {
  return send(context, command)
}

/**
 * Has the runtime API change something and waits until it says that it did: an empty answer. Errors come as text, without
 * a code.
 */
export async function order(context: Context, command: string): Promise<void> {
  const beforeSend = await context.fence?.()
  const answer = (await send(context, command, beforeSend)).trim()
  if (answer !== '') throw refusal(context, command, answer)
}

async function send(context: Context, command: string, beforeSend?: () => void): Promise<string> {
  const { platform, options, signal, timeoutMs } = context
  const request = { to: options.socket, send: `${command}\n`, timeoutMs, ...(beforeSend ? { beforeSend } : {}) }
  return new TextDecoder().decode(await platform.exchange(request, signal))
}

function refusal({ options: { backend } }: Context, command: string, answer: string): BagboyError {
  const said = sanitize(answer.replaceAll(/\s+/gu, ' '), EXCERPT_LENGTH)
  if (answer.startsWith('Permission denied')) {
    return new BagboyError('REGISTRY_FORBIDDEN', `HAProxy does not allow "${command}" on this socket`, {
      hint: 'Give the socket level admin: stats socket … level admin',
    })
  }
  if (/^No such (?:server|backend)/u.test(answer)) return missing(backend, said)
  if (answer.includes('static LB algorithm')) {
    return new BagboyError('REGISTRY_REJECTED', `HAProxy refuses "${command}": ${said}`, {
      hint: `Write balance roundrobin or leastconn in backend ${backend}; with a static algorithm only all or nothing goes, and only for servers whose weight in the file is not 0.`,
    })
  }
  return new BagboyError('REGISTRY_REJECTED', `HAProxy refuses "${command}": ${said}`, {
    hint: `Look at backend ${backend} in the configuration of HAProxy.`,
  })
}

/** A backend or a server that HAProxy does not have. */
export function missing(backend: string, what: string): BagboyError {
  return new BagboyError('REGISTRY_NOT_FOUND', `HAProxy: ${sanitize(what, 300)} (backend ${backend})`, {
    hint: 'Correct backend and servers under blue_green.traffic: the names are those of haproxy.cfg.',
  })
}
