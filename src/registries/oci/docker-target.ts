import type { PackageRef } from '../../domain/deployment.ts'
import { bareVersion } from '../../domain/version.ts'
import type { Platform } from '../../platform/platform.ts'
import type { Snapshot, Subject } from '../driver.ts'
import { parseDockerPin, pinOf, versionTags, type DockerPin } from './docker-pin.ts'
import { inParallel } from '../shared/in-parallel.ts'
import type { OciClient } from './oci-client.ts'
import { readManifest, readTag, shortDigest } from './oci-manifest.ts'
import { findMissingParts } from './oci-target.ts'
import { createProcessMemory } from '../shared/process-memory.ts'

type Target = Snapshot['target']

/** How many missing parts are named. */
const NAMED_COUNT = 3

/** Whether the wanted image is there with all its parts, and still is what its version names. @throws REGISTRY_* */
export async function findDockerTarget(
  client: OciClient,
  { package: ref, to }: Subject,
  tags: Readonly<Record<string, string | null>>,
  platform: Platform,
): Promise<Target> {
  const pin = parseDockerPin(to.pin)
  if (to.pin !== null && !pin) return missing(to.version, 'its entry in the history holds no whole sha256 digest')
  // Only a registry that had all parts accepted the manifest under these tags: no part is left to be looked for.
  if (pin && Object.values(tags).every((digest) => digest === pin.digest)) {
    return targetServed({ client, platform, ref, pin }, to.version)
  }
  const { own, manifest } = await readWanted(client, to.version, pin?.digest)
  const other = pin && otherOwn({ platform, ref, pin }, to.version, own)
  if (other) return other
  const digest = pin?.digest ?? own
  if (digest === null)
    return missing(to.version, `no digest was recorded and there is no tag ${bareVersion(to.version)}`)
  if (!manifest) return missing(to.version, `the registry has no manifest ${digest}`)
  const parts = await findMissingParts(client, manifest)
  if (parts.length > 0) return incomplete(to.version, parts)
  if (pin) return { status: 'present' }
  return { status: 'present', pin: pinOf(manifest, namesAt(tags, digest)) }
}

function namesAt(tags: Readonly<Record<string, string | null>>, digest: string): readonly string[] {
  return Object.keys(tags).filter((tag) => tags[tag] === digest)
}

/** Digests that were compared with the own tags of their versions: a read-back need not ask for them again and again. */
const compared = createProcessMemory<string>()

interface Served {
  readonly client: OciClient
  readonly platform: Platform
  readonly ref: PackageRef
  readonly pin: DockerPin
}

/** What the version's own tag says against the pin; an equal digest is remembered. */
function otherOwn(
  { platform, ref, pin }: Omit<Served, 'client'>,
  version: string,
  own: string | null,
): Target | undefined {
  if (own !== null && own !== pin.digest) return changed(version, pin.digest, own)
  compared.set(platform, keyOf(ref, version), pin.digest)
  return undefined
}

/** What is served everywhere may still be another version than its entry says. */
async function targetServed({ client, platform, ref, pin }: Served, version: string): Promise<Target> {
  if (compared.get(platform, keyOf(ref, version)) === pin.digest) return { status: 'present' }
  return otherOwn({ platform, ref, pin }, version, await readOwnTag(client, version)) ?? { status: 'present' }
}

function keyOf({ registry }: PackageRef, version: string): string {
  return `${registry} ${version}`
}

/** Where the version's own tag leads, and the manifest that is wanted: the pinned one, or else that of the tag. */
async function readWanted(client: OciClient, version: string, pinned: string | undefined) {
  if (pinned !== undefined) {
    const [own, manifest] = await Promise.all([readOwnTag(client, version), readManifest(client, pinned)])
    return { own, manifest }
  }
  const own = await readOwnTag(client, version)
  return { own, manifest: own === null ? null : await readManifest(client, own) }
}

/** Where a version's own tag leads, `1.2.0` or `v1.2.0`; `null` when it has none. @throws REGISTRY_* */
export async function readOwnTag(client: OciClient, version: string): Promise<string | null> {
  const names = versionTags(version)
  const digests = await inParallel(names, names.length, (tag) => readTag(client, tag))
  return digests.find((digest) => digest !== null) ?? null
}

function missing(version: string, detail: string): Target {
  const remedy = `Push the image of ${version} again, the same bytes, or choose another target: bagboy-tui versions list`
  return { status: 'missing', detail, remedy }
}

function incomplete(version: string, parts: readonly string[]): Target {
  const rest = parts.length > NAMED_COUNT ? ` and ${parts.length - NAMED_COUNT} more` : ''
  return missing(version, `its manifest is there, but not ${parts.slice(0, NAMED_COUNT).join(', ')}${rest}`)
}

function changed(version: string, recorded: string, found: string): Target {
  return {
    status: 'changed',
    detail: `the tag of ${version} leads to ${shortDigest(found)}, but ${shortDigest(recorded)} was deployed`,
    remedy: `Find out who pushed ${version} again; put its tag back on ${recorded}, or choose another target.`,
  }
}
