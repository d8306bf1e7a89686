import { once } from 'node:events'
import { connect, type NetConnectOpts } from 'node:net'
import { addAbortSignal } from 'node:stream'
import { sanitize } from '../../../domain/text/sanitize.ts'
import { BagboyError } from '../../../errors/bagboy-error.ts'
import type { Exchange, ExchangeRequest, SocketAddress } from '../../platform.ts'
import { collectUpTo } from '../programs/collect-up-to.ts'
import { codeOf } from '../error-code.ts'

/** Of the answer, when the request names none. */
const MAX_BYTES = 8 * 1024 * 1024

export function createNodeExchange(): Exchange {
  return async (request, signal) => {
    signal.throwIfAborted()
    const deadline = AbortSignal.timeout(request.timeoutMs)
    try {
      return await converse(request, AbortSignal.any([signal, deadline]))
    } catch (error) {
      if (signal.aborted) throw signal.reason
      throw toExchangeError(error, request, deadline.aborted)
    }
  }
}

async function converse({ to, send, maxBytes, beforeSend }: ExchangeRequest, signal: AbortSignal): Promise<Uint8Array> {
  const socket = addAbortSignal(signal, connect(optionsOf(to)))
  try {
    await once(socket, 'connect')
    beforeSend?.()
    socket.write(send)
    beforeSend?.()
    return await collectUpTo(socket, maxBytes ?? MAX_BYTES)
  } finally {
    socket.destroy()
  }
}

function optionsOf(to: SocketAddress): NetConnectOpts {
  return 'path' in to ? { path: to.path } : { host: to.host, port: to.port }
}

function toExchangeError(error: unknown, { to, timeoutMs }: ExchangeRequest, isLate: boolean): BagboyError {
  const target = sanitize('path' in to ? to.path : `${to.host}:${to.port}`, 300)
  if (isLate) {
    return new BagboyError('REGISTRY_TIMEOUT', `${target}: no whole answer within ${timeoutMs} ms`, {
      hint: 'Look whether the server behind it is busy, or allow more time with --timeout.',
      cause: error,
    })
  }
  if (error instanceof BagboyError) {
    if (!error.code.startsWith('REGISTRY_')) return error
    return new BagboyError(error.code, `${target}: ${error.message}`, { cause: error })
  }
  const code = codeOf(error) || 'unknown'
  if (code === 'EACCES' || code === 'EPERM') {
    return new BagboyError('REGISTRY_FORBIDDEN', `${target} may not be opened by this user (${code})`, {
      hint: 'Run this as a user who may, or change the mode or the group of the socket.',
      details: { code },
      cause: error,
    })
  }
  return new BagboyError('REGISTRY_UNREACHABLE', `${target}: no whole answer came (${code})`, {
    hint: 'Check that the server runs and that this is where it listens.',
    details: { code },
    cause: error,
  })
}
