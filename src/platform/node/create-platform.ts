import type { Platform } from '../platform.ts'
import { environmentSecrets } from '../secrets/environment-secrets.ts'
import { createSecrets } from '../secrets/create-secrets.ts'
import { createNodeClock } from './clock.ts'
import { createNodeExchange } from './http/exchange.ts'
import { createNodeExec } from './programs/exec.ts'
import { createNodeFiles } from './files/files.ts'
import { createNodeHost } from './host.ts'
import { createNodeHttp } from './http/http.ts'
import { createNodeRandom } from './random.ts'
import { createNodeReach } from './http/reach.ts'
import { openLimits, readFileLimit } from './files/open-limits.ts'
import { limitConcurrency, type Limit } from '../limit-concurrency.ts'
import { FULL_TRUST } from '../full-trust.ts'
import { userFolders } from './files/user-folders.ts'

/** The real world. Loads nothing heavy: undici and execa come with the first request and the first program. */
export function createNodePlatform(): Platform {
  const secrets = createSecrets()
  secrets.add(...environmentSecrets(process.env))
  const { sockets, programs, keepsConnections } = openLimits(readFileLimit())
  const [connect, run] = [limitConcurrency(sockets), limitConcurrency(programs)]
  const exec = createNodeExec(process.env)
  return {
    clock: createNodeClock(),
    http: limited(connect, createNodeHttp(process.env, { keepsConnections })),
    exchange: limited(connect, createNodeExchange()),
    reach: limited(connect, createNodeReach()),
    // There is one of those that may leave others running, and it takes long: the lock is renewed meanwhile.
    exec: (request, signal) =>
      request.leavesRunning ? exec(request, signal) : run(() => exec(request, signal), signal),
    files: createNodeFiles(),
    env: process.env,
    host: createNodeHost(),
    random: createNodeRandom(),
    secrets,
    userFolders: userFolders(process.env),
    trust: FULL_TRUST,
  }
}

function limited<Request, Answer>(
  limit: Limit,
  ask: (request: Request, signal: AbortSignal) => Promise<Answer>,
): (request: Request, signal: AbortSignal) => Promise<Answer> {
  return (request, signal) => limit(() => ask(request, signal), signal)
}
