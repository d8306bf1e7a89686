import { join } from 'node:path'
import { loadConfig } from '../config/load-config.ts'
import { bindTraffic } from '../planner/bind-traffic.ts'
import { createNodePlatform } from '../platform/node/create-platform.ts'
import { drivers } from '../registries/index.ts'
import { providers } from '../traffic/index.ts'
import { openTrust } from '../trust/open-trust.ts'
import { openTrustStore } from '../trust/trust-store.ts'

/** Trusts the project that was just made, for every program of this user; gives the file that says so. */
export async function trustProject(root: string): Promise<string> {
  const platform = createNodePlatform()
  const config = await loadConfig({ files: platform.files, file: join(root, 'bagboy.yaml'), env: {} })
  const trust = await openTrust(platform, { config, drivers, traffic: bindTraffic(config, providers) })
  const { file, hash } = await trust.trust()
  await trust.giveTrust(hash)
  return openTrustStore(platform).pathOf(file)
}
