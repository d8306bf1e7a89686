import type { Platform } from '../platform.ts'
import { environmentSecrets } from '../secrets/environment-secrets.ts'
import { createSecrets } from '../secrets/create-secrets.ts'
import { createNodeClock } from './clock.ts'
import { createNodeExchange } from './exchange.ts'
import { createNodeExec } from './exec.ts'
import { createNodeFiles } from './files.ts'
import { createNodeHost } from './host.ts'
import { createNodeHttp } from './http.ts'
import { createNodeRandom } from './random.ts'
import { createNodeReach } from './reach.ts'
import { FULL_TRUST } from '../full-trust.ts'
import { userFolders } from './user-folders.ts'

/** The real world. Loads nothing heavy: undici and execa come with the first request and the first program. */
export function createNodePlatform(): Platform {
  const secrets = createSecrets()
  secrets.add(...environmentSecrets(process.env))
  return {
    clock: createNodeClock(),
    http: createNodeHttp(process.env),
    exchange: createNodeExchange(),
    reach: createNodeReach(),
    exec: createNodeExec(process.env),
    files: createNodeFiles(),
    env: process.env,
    host: createNodeHost(),
    random: createNodeRandom(),
    secrets,
    userFolders: userFolders(process.env),
    trust: FULL_TRUST,
  }
}
