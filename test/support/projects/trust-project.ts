import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadConfig } from '../../../src/config/load-config.ts'
import { bindTraffic } from '../../../src/planner/bind-traffic.ts'
import { createNodePlatform } from '../../../src/platform/node/create-platform.ts'
import type { Platform } from '../../../src/platform/platform.ts'
import { drivers } from '../../../src/registries/index.ts'
import { providers } from '../../../src/traffic/index.ts'
import { openTrust, type ProjectTrust } from '../../../src/trust/open-trust.ts'
import { temporaryFolder } from '../temporary-folder.ts'

export interface TrustProject {
  readonly root: string
  readonly file: string
  readonly platform: Platform
  write(name: string, text: string): void
  /** As a command opens it: what is in its files now. */
  open(over?: Partial<Platform>): Promise<ProjectTrust>
}

/** A folder with this under `deployment:`, and a user with folders of their own who trusts nothing yet. */
export function trustProject(deployment: string): TrustProject {
  const root = temporaryFolder('trusting')
  const user = temporaryFolder('user')
  const userFolders = { config: join(user, 'config'), state: join(user, 'state'), cache: join(user, 'cache') }
  const platform: Platform = { ...createNodePlatform(), env: { PATH: process.env['PATH'] }, userFolders }
  const file = join(root, 'bagboy.yaml')
  const write = (name: string, text: string): void => {
    mkdirSync(join(root, name, '..'), { recursive: true })
    writeFileSync(join(root, name), text)
  }
  write('bagboy.yaml', `name: app\ndeployment:\n${deployment}`)
  return {
    root,
    file,
    platform,
    write,
    async open(over = {}) {
      const config = await loadConfig({ files: platform.files, file, env: {} })
      return openTrust({ ...platform, ...over }, { config, drivers, traffic: bindTraffic(config, providers) })
    },
  }
}
