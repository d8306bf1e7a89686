import type { PackageRef } from '../../domain/deployment.ts'
import { bareVersion } from '../../domain/version.ts'
import type { Snapshot, Subject } from '../driver.ts'
import { parseDockerPin, pinOf, versionTags, type DockerPin } from './docker-pin.ts'
import type { OciClient } from './oci-client.ts'
import { readManifest, readTag, shortDigest } from './oci-manifest.ts'
import { readImageTree, type MissingParts } from './image-tree.ts'
import type { OciManifest } from './parse-manifest.ts'
import { createProcessMemory } from '../../platform/process-memory.ts'

type Target = Snapshot['target']

/** How many missing parts are named. */
const NAMED_COUNT = 3
/** What is served everywhere is checked again after this long, and not with every read-back. */
const WHOLE_MS = 10 * 60_000

interface Found {
  readonly digest: string
  readonly target: Target
  /** On the monotonic clock. */
  readonly readAtMs: number
}

/**
 * Targets that were there, by package and version: while one is served everywhere, a read-back need not look for its own
 * tag and its parts again and again.
 */
const wholes = createProcessMemory<Found>()

/** Whether the wanted image is there with all its parts, and still is what its version names. @throws REGISTRY_* */
export async function findDockerTarget(
  client: OciClient,
  { package: ref, to }: Subject,
  tags: Readonly<Record<string, string | null>>,
): Promise<Target> {
  const pin = parseDockerPin(to.pin)
  if (to.pin !== null && !pin) return missing(to.version, 'its entry in the history holds no whole sha256 digest')
  const isServed = pin !== undefined && Object.values(tags).every((digest) => digest === pin.digest)
  if (isServed) return rememberedTarget(client, ref, to.version, pin) ?? findIn(client, ref, to.version, pin)
  if (pin) return findIn(client, ref, to.version, pin)
  const own = await readOwnTag(client, to.version)
  const manifest = own === null ? null : await readManifest(client, own)
  if (!manifest) return missing(to.version, nowhere(to.version, own))
  const target = await checkTree(client, to.version, manifest)
  return target.status === 'present' ? { ...target, pin: pinOf(manifest, namesAt(tags, manifest.digest)) } : target
}

function rememberedTarget(client: OciClient, ref: PackageRef, version: string, pin: DockerPin): Target | undefined {
  const known = wholes.get(client.platform, keyOf(ref, version))
  return known?.digest === pin.digest && isRecent(client, known) ? known.target : undefined
}

/** What a version is pinned to, which its own tag must not contradict. */
async function findIn(client: OciClient, ref: PackageRef, version: string, pin: DockerPin): Promise<Target> {
  const [own, manifest] = await Promise.all([
    readOwnTag(client, version),
    readManifest(client, pin.digest, { isFresh: true }),
  ])
  if (own !== null && own !== pin.digest) return changed(version, pin.digest, own)
  if (!manifest) return missing(version, nowhere(version, pin.digest))
  const target = await checkTree(client, version, manifest)
  if (target.status === 'present') {
    const readAtMs = client.platform.clock.elapsedMs()
    wholes.set(client.platform, keyOf(ref, version), { digest: pin.digest, target, readAtMs })
  }
  return target
}

function isRecent({ platform }: OciClient, { readAtMs }: Found): boolean {
  return platform.clock.elapsedMs() - readAtMs < WHOLE_MS
}

function nowhere(version: string, digest: string | null): string {
  return digest === null
    ? `no digest was recorded and there is no tag ${bareVersion(version)}`
    : `the registry has no manifest ${digest}`
}

/** Whether all that the manifest leads to is there. */
async function checkTree(client: OciClient, version: string, manifest: OciManifest): Promise<Target> {
  const { missing: parts, hasWholeImage } = await readImageTree(client, manifest)
  if (parts.length === 0) return { status: 'present' }
  if (!hasWholeImage) return missing(version, `its manifest is there, but not ${listParts(parts)}`)
  const needed = parts.filter(({ isBeside }) => !isBeside)
  return {
    status: 'present',
    lacks: needed.length === 0 ? unattested(version, parts) : partial(version, needed, parts),
  }
}

type Lack = NonNullable<Extract<Target, { status: 'present' }>['lacks']>

function partial(version: string, needed: readonly MissingParts[], parts: readonly MissingParts[]): Lack {
  const beside = parts.filter(({ isBeside }) => isBeside)
  return {
    isUsable: false,
    detail: `not there: ${listParts(needed)}${beside.length === 0 ? '' : `; nor: ${listParts(beside)}`}`,
    remedy: `A pull of ${bareVersion(version)} for ${needed.length === 1 ? 'that' : 'those'} fails. Push what is missing, choose another target, or insist with --override V09 --reason TEXT.`,
  }
}

/** What clean-ups of manifests without a tag leave: every image, and not what was pushed beside it. */
function unattested(version: string, parts: readonly MissingParts[]): Lack {
  return {
    isUsable: true,
    detail: `not there: ${listParts(parts)}. Every image of ${bareVersion(version)} is whole and can be pulled.`,
    remedy: `A check of its provenance or its list of contents (SBOM) fails, and some registries refuse to tag it. Push what is missing where that matters.`,
  }
}

/** `linux/arm64 (manifest sha256:…), the attestation of linux/amd64 (…) and 2 more`. */
function listParts(all: readonly MissingParts[]): string {
  const named = all.slice(0, NAMED_COUNT).map(({ name, parts }) => {
    const rest = parts.length > NAMED_COUNT ? ` and ${parts.length - NAMED_COUNT} more` : ''
    const listed = `${parts.slice(0, NAMED_COUNT).join(', ')}${rest}`
    return name === '' ? listed : `${name} (${listed})`
  })
  return `${named.join(', ')}${all.length > NAMED_COUNT ? ` and ${all.length - NAMED_COUNT} more` : ''}`
}

function namesAt(tags: Readonly<Record<string, string | null>>, digest: string): readonly string[] {
  return Object.keys(tags).filter((tag) => tags[tag] === digest)
}

function keyOf({ registry }: PackageRef, version: string): string {
  return `${registry} ${version}`
}

/** Where a version's own tag leads, `1.2.0` or `v1.2.0`; `null` when it has none. @throws REGISTRY_* */
export async function readOwnTag(client: OciClient, version: string): Promise<string | null> {
  const names = versionTags(version)
  const digests = await Promise.all(names.map((tag) => readTag(client, tag)))
  return digests.find((digest) => digest !== null) ?? null
}

function missing(version: string, detail: string): Target {
  const remedy = `Push the image of ${version} again, the same bytes, or choose another target: bagboy-tui versions list`
  return { status: 'missing', detail, remedy }
}

function changed(version: string, recorded: string, found: string): Target {
  return {
    status: 'changed',
    detail: `the tag of ${version} leads to ${shortDigest(found)}, but ${shortDigest(recorded)} was deployed`,
    remedy: `Find out who pushed ${version} again; put its tag back on ${recorded}, or choose another target.`,
  }
}
