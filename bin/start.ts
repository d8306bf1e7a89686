import { enableCompileCache } from 'node:module'
import { userFolders } from '../src/platform/node/files/user-folders.ts'
import type { ProgramIdentity } from './node-ports.ts'
import type { StopSignal } from '../src/cli/ports.ts'

const STOP_SIGNALS: readonly StopSignal[] = ['SIGINT', 'SIGTERM', 'SIGHUP']

/** Runs one command line of ours and leaves with its exit code. */
export async function start(identity: ProgramIdentity, argv: readonly string[]): Promise<void> {
  process.exitCode = await runOurs(identity, argv)
  // The result is known: a terminal that closes while it is still being written must not replace the exit code.
  for (const signal of STOP_SIGNALS) process.on(signal, () => process.exit())
  // Keep-alive connections and, after a second signal, unfinished work must not hold the process.
  await new Promise<void>((resolve) => process.stdout.write('', () => resolve()))
  process.exit()
}

/** As {@link start}, for callers that go on. */
export async function runOurs(identity: ProgramIdentity, argv: readonly string[]): Promise<number> {
  // A folder of our own: the default one is shared with every other program.
  const { cache } = userFolders(process.env)
  enableCompileCache(cache)
  // The engine's thread starts with a copy of this environment; programs we start do not get it.
  process.env['NODE_COMPILE_CACHE'] = cache
  const [{ runCli }, { createNodePorts }] = await Promise.all([import('../src/cli/main.ts'), import('./node-ports.ts')])
  return runCli(createNodePorts(identity, argv))
}
