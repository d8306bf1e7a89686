import { z } from 'zod'
import type { PackageRef } from '../../domain/deployment.ts'
import type { Json, JsonObject } from '../../domain/text/json.ts'
import { own } from '../../domain/text/own.ts'
import { bareVersion } from '../../domain/version.ts'
import { BagboyError } from '../../errors/bagboy-error.ts'
import { defineDriver, type ActContext, type DriverContext, type Snapshot, type Subject } from '../driver.ts'
import { mayHaveDockerLogin } from './login/docker-login.ts'
import { movingTags, parseDockerPin, parseDockerPointer, pinOf, pointerOfPin } from './docker-pin.ts'
import { dockerOutOfScope } from './docker-scope.ts'
import { planTags } from './docker-plan.ts'
import { findDockerTarget, readOwnTag } from './docker-target.ts'
import { mapConcurrently } from '../../platform/limit-concurrency.ts'
import { isSafeRealm } from './login/token-realm.ts'
import { createOciClient, type OciClient } from './oci-client.ts'
import { findImmutableTags, immutableNote } from './immutable-tags.ts'
import { parseOciReference } from './oci-reference.ts'
import { DIGEST, putManifest, readManifest, readTag, requireRepository, TAG } from './oci-manifest.ts'
import { TRUST_HINT } from '../../platform/not-trusted.ts'
import { secretReference } from '../../platform/secret.ts'

const tokenRealm = z
  .url({ protocol: /^https?$/u, error: 'write the address of the token server: https://…' })
  .refine(isSafeRealm, 'plain http is for a token server on this machine only')

const options = z.strictObject({
  /** The pointers to move; a version's own tag never moves. */
  tags: z.array(z.string().regex(TAG)).min(1).default(['latest']),
  /** Also those that lead to another version than the one that is left. */
  move_all_tags: z.boolean().default(false),
  /** Plain http, on loopback only. */
  insecure: z.boolean().default(false),
  /** Docker's own configuration and its helpers, or where `user:secret` is to be found. */
  credentials: z.union([z.literal('docker'), secretReference]).default('docker'),
  /** The token server, where it is on another host or port: a login goes nowhere else. */
  token_realm: tokenRealm.optional(),
})
type DockerOptions = z.infer<typeof options>

const moveInput = z.strictObject({ tag: z.string().regex(TAG), digest: z.string().regex(DIGEST) })
const guardInput = z.strictObject({
  digest: z.string().regex(DIGEST),
  own: z.array(z.string().regex(TAG)),
  guards: z.array(z.string().regex(TAG)).min(1),
})

const NO_PREVIEW: Snapshot['preview'] = { before: '', after: '' }
const PRESENT: Snapshot['target'] = { status: 'present' }

/** Tags read at a time. */
const PARALLEL_COUNT = 4

/**
 * Moves an image's tags by writing the wanted manifest's own bytes under them: the digest stays, nothing is uploaded.
 * Its actions are custom because the bytes are read first. OCI registries compare nothing on write.
 */
export const docker = defineDriver<DockerOptions>({
  format: 'docker',
  title: 'Container registry',
  login: 'your docker login',
  hasLogin: (registry, platform) => mayHaveDockerLogin(parseOciReference(registry, false), platform),
  options,
  group: 2,
  effect: {
    newInstalls: 'Every pull of one of the tags gets the old image; pulls by digest or by version do not change.',
    existingUsers: 'Machines get it with their next pull of the tag; running containers stay as they are.',
    timeToEffect: 'Seconds; as long as a cache or mirror in front of the registry keeps its copy.',
  },

  async inspect(subject, context) {
    const client = clientFor(subject.package, context)
    const names = movingTags(context.options.tags, [subject.from.version, subject.to.version])
    if (names.length === 0) throw nothingToMove(subject)
    const tags = await readTags(client, names)
    const isUnasked = context.isPointerOnly === true && parseDockerPin(subject.to.pin) !== undefined
    const target = isUnasked ? PRESENT : await findDockerTarget(client, subject, tags)
    if (target.status === 'missing' && Object.values(tags).every((digest) => digest === null)) {
      await requireRepository(client)
    }
    const wanted = target.status === 'present' ? parseDockerPin(target.pin ?? subject.to.pin) : undefined
    const serving = await servedVersion(client, subject, tags[names[0] ?? ''] ?? null, wanted?.digest)
    const read = { pointer: { tags }, revision: null, serving, target, access: client.access() }
    const moving = movedBy(subject, { ...read, preview: NO_PREVIEW }, context.options)
    const writing = isUnasked ? {} : await readAccess(client, moving)
    return { ...read, ...writing, preview: previewOf(subject, { ...read, preview: NO_PREVIEW }, context.options) }
  },

  async capture({ package: ref, version }, context) {
    const client = clientFor(ref, context)
    const names = movingTags(context.options.tags, [version])
    const tags = await readTags(client, names)
    const digest = (await readOwnTag(client, version)) ?? tags[names[0] ?? ''] ?? null
    const manifest = digest === null ? null : await readManifest(client, digest)
    if (manifest) return pinOf(manifest, namesAt(tags, manifest.digest))
    throw new BagboyError(
      'REGISTRY_NOT_FOUND',
      `${ref.registry} has neither a tag ${version} nor ${names.join(', ')}`,
      { hint: `Push the image first, then record it.${hiddenHint(client)}` },
    )
  },

  pointerOf: ({ pin, pointer }) => pointerOfPin(pin, pointer),

  plan: ({ subject, snapshot, options: settings }) => planTags(subject, snapshot, settings.move_all_tags),

  outOfScope: dockerOutOfScope,

  movesNothing: (action) => action.kind === 'custom' && action.operation === 'guard',

  operations: {
    async 'put-manifest'(input, context) {
      const { tag, digest } = parseInput(moveInput, input)
      await putManifest(clientFor(context.subject.package, context), tag, digest)
    },
    guard: keepReachable,
  },
})

/** Where only a login may see what is missing. */
function hiddenHint(client: OciClient): string {
  if (!client.isAnonymous()) return ''
  const { trust } = client.platform
  return ` If it is there: it was asked for without a login. ${trust.isGiven() ? client.errorContext('').login : TRUST_HINT}`
}

function clientFor({ registry }: PackageRef, context: DriverContext<DockerOptions>) {
  const { platform, signal, timeoutMs, fence } = context
  const { insecure, credentials, token_realm: tokenRealm } = context.options
  return createOciClient({ platform, signal, timeoutMs, fence, registry, insecure, credentials, tokenRealm })
}

async function readTags(client: OciClient, names: readonly string[]): Promise<Readonly<Record<string, string | null>>> {
  const digests = await mapConcurrently(names, PARALLEL_COUNT, (tag) => readTag(client, tag))
  return Object.fromEntries(names.map((tag, index) => [tag, digests[index] ?? null]))
}

function namesAt(tags: Readonly<Record<string, string | null>>, digest: string): readonly string[] {
  return Object.keys(tags).filter((tag) => tags[tag] === digest)
}

/** By the pins; a version without one is found by its own tag. */
async function servedVersion(
  client: OciClient,
  { from, to }: Subject,
  first: string | null,
  wanted: string | undefined,
): Promise<string | null> {
  if (first === null) return null
  if (first === (wanted ?? parseDockerPin(to.pin)?.digest)) return bareVersion(to.version)
  const left = parseDockerPin(from.pin)?.digest ?? (await readOwnTag(client, from.version))
  return first === left ? bareVersion(from.version) : null
}

/** The tags that a step would take away from where they lead, with where that is. */
function movedBy(
  subject: Subject,
  snapshot: Snapshot,
  { move_all_tags: movesAll }: DockerOptions,
): readonly (readonly [string, string])[] {
  const want = planTags(subject, snapshot, movesAll)?.want
  if (want === undefined) return []
  const [before, after] = [parseDockerPointer(snapshot.pointer).tags, parseDockerPointer(want).tags]
  return Object.entries(before).flatMap(([tag, digest]) =>
    digest !== null && own(after, tag) !== digest ? [[tag, digest] as const] : [],
  )
}

/** What is known of writing beyond the login. */
async function readAccess(
  client: OciClient,
  moving: readonly (readonly [string, string])[],
): Promise<Partial<Pick<Snapshot, 'access' | 'accessNote'>>> {
  const immutable = await findImmutableTags(client, moving)
  if (immutable.length > 0) return { access: 'denied', accessNote: immutableNote(immutable) }
  if (client.access() !== 'unknown' || !client.isAnonymous()) return {}
  const detail = 'it was read without a login; whether it can be written without one shows with the first write'
  return { accessNote: { detail, remedy: client.errorContext('').login } }
}

function previewOf(
  subject: Subject,
  snapshot: Snapshot,
  { move_all_tags: movesAll }: DockerOptions,
): Snapshot['preview'] {
  const want = planTags(subject, snapshot, movesAll)?.want ?? snapshot.pointer
  const [before, after] = [snapshot.pointer, want].map((pointer) =>
    Object.entries(parseDockerPointer(pointer).tags)
      .map(([tag, digest]) => `${tag}  ${digest ?? '(no such tag)'}`)
      .join('\n'),
  )
  return { before: before ?? '', after: after ?? '' }
}

/** Gives a digest a tag, unless it has one of its own or a guard already. Idempotent. */
async function keepReachable(input: JsonObject, context: ActContext<DockerOptions>): Promise<void> {
  const { digest, own, guards } = parseInput(guardInput, input)
  const client = clientFor(context.subject.package, context)
  if (namesAt(await readTags(client, own), digest).length > 0) return
  const held = await readTags(client, guards)
  if (namesAt(held, digest).length > 0) return
  const free = guards.find((tag) => held[tag] === null)
  if (free === undefined) throw invalidAction(`finds ${guards.join(', ')} taken`)
  await putManifest(client, free, digest)
}

function parseInput<Input>(form: z.ZodType<Input>, input: Json): Input {
  const parsed = form.safeParse(input)
  if (parsed.success) return parsed.data
  throw invalidAction(parsed.error.issues[0]?.message ?? 'has another form')
}

function invalidAction(what: string): BagboyError {
  return new BagboyError('PLAN_INVALID', `docker: the action ${what}`, { hint: 'Make the plan again.' })
}

function nothingToMove({ package: ref, to }: Subject): BagboyError {
  return new BagboyError('CONFIG_INVALID', `docker ${ref.registry}: tags names only the versions' own tags`, {
    hint: `The tag ${bareVersion(to.version)} never moves: name moving ones, like tags: [latest].`,
  })
}
