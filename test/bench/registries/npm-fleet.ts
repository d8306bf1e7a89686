import { once } from 'node:events'
import { cpSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { openApp } from '../../../src/app.ts'
import type { Engine } from '../../../src/engine/engine.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { platformWith } from '../../support/test-platform.ts'
import type { NpmServersCommand, NpmServersSettings } from './npm-servers.ts'
import { recordingPlatform, type RecordedPlatform } from './request-chain.ts'

const APP = 'myapp'
const TOKEN = 'a-token-of-the-benchmark'

/** A project that is published on many npm registries, each of them slow; 1.3.0 is live, 1.2.0 came before. */
export interface NpmFleet {
  /** The engine as a new process has it: nothing remembered, no connection open. */
  open(): Promise<{ readonly engine: Engine; readonly exchanges: RecordedPlatform['exchanges'] }>
  /** Servers and history as they were at the beginning. */
  reset(): Promise<void>
  close(): Promise<void>
}

export async function startNpmFleet(count: number, latencyMs: number): Promise<NpmFleet> {
  const settings: NpmServersSettings = { count, latencyMs, token: TOKEN, name: APP }
  const worker = new Worker(new URL('./npm-servers.ts', import.meta.url), { workerData: settings })
  const [urls]: (readonly string[])[] = await once(worker, 'message')
  const tell = async (command: NpmServersCommand): Promise<void> => {
    const done = once(worker, 'message')
    worker.postMessage(command)
    await done
  }
  const root = temporaryFolder('fleet')
  const [state, kept] = [join(root, '.bagboy'), temporaryFolder('fleet-kept')]
  writeFileSync(join(root, 'bagboy.yaml'), configFor(urls ?? [], count))
  const open = async () => {
    const { platform, exchanges } = recordingPlatform(platformWith({ HOME: root, NPM_TOKEN: TOKEN }))
    const { engine } = await openApp(platform, { cwd: root })
    return { engine, exchanges }
  }
  for (const version of ['1.2.0', '1.3.0']) {
    await tell({ kind: 'publish', version })
    const { engine } = await open()
    await engine.record({ version: `v${version}`, commit: 'abc1234', packages: [], notes: '' })
  }
  cpSync(state, kept, { recursive: true })
  return {
    open,
    async reset() {
      rmSync(state, { recursive: true })
      cpSync(kept, state, { recursive: true })
      await tell({ kind: 'reset', version: '1.3.0' })
    },
    async close() {
      await worker.terminate()
    },
  }
}

function configFor(urls: readonly string[], parallelism: number): string {
  const registries = urls.flatMap((url) => [
    '    - format: npm',
    `      registry: ${url}`,
    '      token: ${env:NPM_TOKEN}',
  ])
  return [
    `name: ${APP}`,
    'deployment:',
    '  environment: production',
    '  rollback:',
    `    parallelism: ${parallelism}`,
    '  registries:',
    ...registries,
    '',
  ].join('\n')
}
