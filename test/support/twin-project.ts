import { readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { openApp, type App } from '../../src/app.ts'
import type { Stamped } from '../../src/events/events.ts'
import type { Platform } from '../../src/platform/platform.ts'
import { createNodePlatform } from '../../src/platform/node/create-platform.ts'
import { createSandbox } from '../../src/sandbox/create-sandbox.ts'
import { startFaultProxy, type FaultProxy } from './fault-proxy.ts'
import { temporaryFolder } from './temporary-folder.ts'

export const NOW = '2026-11-23T03:12:07.000Z'

export interface TwinProject {
  /** The same path for every twin of a place. */
  readonly cwd: string
  readonly proxies: { readonly docker: FaultProxy; readonly npm: FaultProxy }
  open(): Promise<App>
  /** The journal of the only run. */
  events(): Promise<readonly Stamped[]>
  /** Bytes of the history file. */
  history(): string
  close(): Promise<void>
}

/** Where twins stand one after another: the same folder and the same two ports. */
export interface TwinPlace {
  readonly folder: string
  readonly ports: Map<'docker' | 'npm', number>
}

export function aTwinPlace(): TwinPlace {
  return { folder: join(temporaryFolder('twins'), 'place'), ports: new Map() }
}

/**
 * A sandbox that is equal, byte for byte, to every other one of the same place; only one of them may be open. Wall clock
 * and durations stand still, and chance always falls the same way.
 */
export async function openTwin({ folder, ports }: TwinPlace): Promise<TwinProject> {
  const sandbox = await createSandbox({ folder: temporaryFolder('twin'), now: NOW })
  const imageHost = sandbox.urls.image.slice(0, sandbox.urls.image.indexOf('/'))
  const proxyFor = async (name: 'docker' | 'npm', upstream: string) => {
    const proxy = await startFaultProxy({ upstream, port: ports.get(name) ?? 0 })
    ports.set(name, proxy.port)
    return proxy
  }
  const docker = await proxyFor('docker', `http://${imageHost}`)
  const npm = await proxyFor('npm', sandbox.urls.packages)
  const own = dirname(sandbox.root)
  for (const file of ['bagboy.yaml', '.npmrc', '.bagboy/deployment-history.yml']) {
    const path = join(sandbox.root, file)
    const text = readFileSync(path, 'utf8')
      .replaceAll(imageHost, docker.host)
      .replaceAll(new URL(sandbox.urls.packages).host, npm.host)
      .replaceAll(own, folder)
    writeFileSync(path, text)
  }
  symlinkSync(own, folder)
  const cwd = join(folder, 'hello')
  const platform = stillPlatform(sandbox.env)
  const open = () => openApp(platform, { cwd })
  return {
    cwd,
    proxies: { docker, npm },
    open,
    async events() {
      const { engine } = await open()
      const [run] = await engine.runs()
      return run === undefined ? [] : (await engine.readRun(run.id)).events
    },
    history: () => readFileSync(join(cwd, '.bagboy/deployment-history.yml'), 'utf8'),
    async close() {
      rmSync(folder)
      await Promise.all([docker.close(), npm.close(), sandbox.close()])
    },
  }
}

function stillPlatform(env: Readonly<Record<string, string>>): Platform {
  const platform = createNodePlatform()
  return {
    ...platform,
    env: { ...platform.env, ...env },
    clock: { ...platform.clock, now: () => NOW, elapsedMs: () => 0 },
    // Names of temporary files have to differ; they are written down nowhere.
    random: { ...platform.random, next: () => 0.5 },
  }
}
