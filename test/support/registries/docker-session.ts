import { onTestFinished } from 'vitest'
import type { Json } from '../../../src/domain/text/json.ts'
import type { Version } from '../../../src/domain/version.ts'
import { docker } from '../../../src/registries/oci/driver.ts'
import { IMAGE_TYPES, putBlob, putManifest } from '../../../src/sandbox/servers/oci/oci-store.ts'
import { startOciRegistry } from '../../../src/sandbox/servers/oci/oci-registry.ts'
import { openSession } from '../../contract/registries/driver-session.ts'
import { startFaultProxy } from '../servers/fault-proxy.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { platformWith } from '../test-platform.ts'

const NAME = 'team/app'

/** A registry in memory with nothing in it, and a session between any two versions of it. */
export async function openDockerRegistry() {
  const registry = await startOciRegistry()
  const proxy = await startFaultProxy({ upstream: registry.url })
  onTestFinished(async () => {
    await proxy.close()
    await registry.close()
  })
  const root = temporaryFolder('docker-driver')
  const ref = { format: 'docker', registry: `${proxy.host}/${NAME}`, name: 'app' }

  /** The manifest of one image, as written here: white space and key order are its own. */
  const push = (content: string, tags: readonly string[], edit: (text: string) => string = (text) => text) => {
    const layer = putBlob(registry.state, NAME, Buffer.from(`layer ${content}`))
    const config = putBlob(registry.state, NAME, Buffer.from(`{"content":"${content}"}`))
    const text = JSON.stringify(
      {
        layers: [{ digest: layer, mediaType: 'application/vnd.oci.image.layer.v1.tar', size: 1 }],
        config: { size: 1, digest: config, mediaType: 'application/vnd.oci.image.config.v1+json' },
        schemaVersion: 2,
      },
      null,
      3,
    )
    const manifest = { mediaType: IMAGE_TYPES.ociManifest, bytes: Buffer.from(edit(text)) }
    let digest = putManifest(registry.state, NAME, 'scratch', manifest)
    for (const tag of tags) digest = putManifest(registry.state, NAME, tag, manifest)
    registry.state.repositories.get(NAME)?.tags.delete('scratch')
    return { digest, layer, config }
  }
  const session = (
    from: { readonly version: string; readonly pin: Json },
    to: { readonly version: string; readonly pin: Json },
    options: Readonly<Record<string, unknown>> = {},
  ) =>
    openSession({
      driver: docker,
      package: ref,
      options: { insecure: true, ...options },
      versions: {
        bad: { version: from.version as Version, pin: from.pin },
        old: { version: to.version as Version, pin: to.pin },
      },
      platform: platformWith({ HOME: root }),
      root,
      cacheFolder: `${root}/cache`,
      proxy,
    })
  const repository = () =>
    registry.state.repositories.get(NAME) ?? { blobs: new Map(), manifests: new Map(), tags: new Map() }
  return { push, session, proxy, repository, tags: () => Object.fromEntries(repository().tags) }
}

export function pinned(version: string, digest: string, tags: readonly string[] = []) {
  return { version, pin: { tags, digest, media_type: IMAGE_TYPES.ociManifest } }
}
