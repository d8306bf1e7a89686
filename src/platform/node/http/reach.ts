import { once } from 'node:events'
import { connect } from 'node:net'
import { addAbortSignal } from 'node:stream'
import { sanitize } from '../../../domain/text/sanitize.ts'
import { BagboyError } from '../../../errors/bagboy-error.ts'
import type { Reach, ReachRequest } from '../../platform.ts'
import { codeOf } from '../error-code.ts'
import { guardedLookup, refuseAddress } from './guarded-lookup.ts'

export function createNodeReach(): Reach {
  return async (request, signal) => {
    signal.throwIfAborted()
    refuseAddress('guarded', request.host)
    const deadline = AbortSignal.timeout(request.timeoutMs)
    const socket = connect({ host: request.host, port: request.port, lookup: guardedLookup })
    addAbortSignal(AbortSignal.any([signal, deadline]), socket)
    try {
      await once(socket, 'connect')
    } catch (error) {
      if (signal.aborted) throw signal.reason
      throw toReachError(error, request, deadline.aborted)
    } finally {
      socket.destroy()
    }
  }
}

function toReachError(error: unknown, { host, port, timeoutMs }: ReachRequest, isLate: boolean): BagboyError {
  const target = sanitize(`${host}:${port}`, 300)
  if (isLate) {
    return new BagboyError('REGISTRY_TIMEOUT', `${target}: no connection within ${timeoutMs} ms`, { cause: error })
  }
  if (error instanceof BagboyError) return error
  const code = codeOf(error) || 'unknown'
  return new BagboyError('REGISTRY_UNREACHABLE', `${target}: no connection (${code})`, {
    hint: 'Check that something listens there.',
    details: { code },
    cause: error,
  })
}
