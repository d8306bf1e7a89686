import { readFileSync, rmSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { openApp, type App } from '../../../src/app.ts'
import type { Stamped } from '../../../src/events/events.ts'
import type { Platform } from '../../../src/platform/platform.ts'
import { createNodePlatform } from '../../../src/platform/node/create-platform.ts'
import { createProxiedSandbox, type ProxiedSandbox } from '../registries/proxied-sandbox.ts'
import { temporaryFolder } from '../temporary-folder.ts'

export const NOW = '2026-11-23T03:12:07.000Z'

export interface TwinProject {
  /** The same path for every twin of a place. */
  readonly cwd: string
  readonly proxies: ProxiedSandbox['proxies']
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
  ports: { readonly docker: number; readonly npm: number } | undefined
}

export function aTwinPlace(): TwinPlace {
  return { folder: join(temporaryFolder('twins'), 'place'), ports: undefined }
}

/**
 * A sandbox that is equal, byte for byte, to every other one of the same place; only one of them may be open. Wall clock
 * and durations stand still, and chance always falls the same way.
 */
export async function openTwin(place: TwinPlace): Promise<TwinProject> {
  const { ports, folder } = place
  const { sandbox, proxies, close } = await createProxiedSandbox({
    folder: temporaryFolder('twin'),
    now: NOW,
    ports,
    place: folder,
    requestTimeout: '3s',
  })
  place.ports = { docker: proxies.docker.port, npm: proxies.npm.port }
  symlinkSync(dirname(sandbox.root), folder)
  const cwd = join(folder, 'hello')
  const platform = stillPlatform(sandbox.env)
  const open = () => openApp(platform, { cwd })
  return {
    cwd,
    proxies,
    open,
    async events() {
      const { engine } = await open()
      const [run] = await engine.runs()
      return run === undefined ? [] : (await engine.readRun(run.id)).events
    },
    history: () => readFileSync(join(cwd, '.bagboy/deployment-history.yml'), 'utf8'),
    async close() {
      rmSync(folder)
      await close()
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
