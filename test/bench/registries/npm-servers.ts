import { parentPort, workerData } from 'node:worker_threads'
import { startNpmRegistry } from '../../../src/sandbox/servers/npm/npm-registry.ts'
import { deprecateNpm, publishNpm, tagNpm } from '../../../src/sandbox/servers/npm/npm-store.ts'

/** A thread of its own, so that answering does not take time from whom is measured. */
export interface NpmServersSettings {
  readonly count: number
  /** Every answer waits so long, ms. A proxy that waits would take as much time again as the servers themselves. */
  readonly latencyMs: number
  readonly token: string
  readonly name: string
}

export type NpmServersCommand =
  | { readonly kind: 'publish'; readonly version: string }
  /** Latest points here again, and nothing is deprecated. */
  | { readonly kind: 'reset'; readonly version: string }

const { count, latencyMs, token, name } = workerData as NpmServersSettings
const at = '2026-02-01T18:00:00Z'
const servers = await Promise.all(Array.from({ length: count }, () => startNpmRegistry({ token, latencyMs })))

function carryOut(command: NpmServersCommand): void {
  for (const { state } of servers) {
    if (command.kind === 'publish') {
      const { version } = command
      publishNpm(state, { manifest: { name, version }, tarball: Buffer.from(version), tags: ['latest'], at })
    } else {
      const versions = [...(state.packages.get(name)?.versions.keys() ?? [])]
      deprecateNpm(state, name, new Map(versions.map((version) => [version, ''])), at)
      tagNpm(state, name, 'latest', command.version, at)
    }
  }
}

parentPort?.on('message', (command: NpmServersCommand) => {
  carryOut(command)
  parentPort?.postMessage('done')
})
parentPort?.postMessage(servers.map(({ url }) => url))
