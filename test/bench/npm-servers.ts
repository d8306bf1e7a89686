import { parentPort, workerData } from 'node:worker_threads'
import { startNpmRegistry } from '../../src/sandbox/servers/npm-registry.ts'
import { deprecateNpm, publishNpm, tagNpm } from '../../src/sandbox/servers/npm-store.ts'
import { startFaultProxy } from '../support/fault-proxy.ts'

/** A thread of its own, so that answering does not take time from whom is measured. */
export interface NpmServersSettings {
  readonly count: number
  readonly token: string
  readonly name: string
}

export type NpmServersCommand =
  /** Every answer waits so long from now on, ms. */
  | { readonly kind: 'latency'; readonly latencyMs: number }
  | { readonly kind: 'publish'; readonly version: string }
  /** Latest points here again, and nothing is deprecated. */
  | { readonly kind: 'reset'; readonly version: string }

const { count, token, name } = workerData as NpmServersSettings
const at = '2026-02-01T18:00:00Z'
const servers = await Promise.all(
  Array.from({ length: count }, async () => {
    const registry = await startNpmRegistry({ token })
    return { registry, proxy: await startFaultProxy({ upstream: registry.url }) }
  }),
)

function carryOut(command: NpmServersCommand): void {
  for (const { registry, proxy } of servers) {
    const { state } = registry
    if (command.kind === 'latency') proxy.setLatency(command.latencyMs)
    else if (command.kind === 'publish') {
      const { version } = command
      publishNpm(state, { manifest: { name, version }, tarball: Buffer.from(version), tags: ['latest'], at })
    } else {
      const versions = [...(state.packages.get(name)?.versions.keys() ?? [])]
      deprecateNpm(state, name, new Map(versions.map((version) => [version, ''])), at)
      tagNpm(state, name, 'latest', command.version, at)
      proxy.forget()
    }
  }
}

parentPort?.on('message', (command: NpmServersCommand) => {
  carryOut(command)
  parentPort?.postMessage('done')
})
parentPort?.postMessage(servers.map(({ proxy }) => proxy.url))
