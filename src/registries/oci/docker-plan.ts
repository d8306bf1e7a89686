import { own } from '../../domain/text/own.ts'
import type { Action } from '../../domain/plan.ts'
import { bareVersion } from '../../domain/version.ts'
import type { Snapshot, StepDraft, Subject } from '../driver.ts'
import { parseDockerPin, parseDockerPointer, versionTags, type DockerPin } from './docker-pin.ts'
import { shortDigest } from './oci-manifest.ts'

/**
 * Tags to the digest of the wanted version, guards first. Pure. `undefined` when all are there.
 * @param movesAll also those that lead to another version than the one that is left
 */
export function planTags(
  { package: ref, from, to }: Subject,
  { pointer, target }: Snapshot,
  movesAll: boolean,
): StepDraft | undefined {
  const before = parseDockerPointer(pointer).tags
  const pin = target.status === 'present' && target.pin !== undefined ? target.pin : to.pin
  const digest = parseDockerPin(pin)?.digest ?? null
  if (digest === null) return planNothing(ref.registry, bareVersion(to.version), Object.keys(before))
  const leaving = { bad: parseDockerPin(from.pin), good: parseDockerPin(pin), movesAll }
  const want = wantedTags(before, digest, leaving)
  const moving = Object.keys(before).filter((tag) => own(want, tag) !== own(before, tag))
  if (moving.length === 0) return undefined
  const created = moving.filter((tag) => before[tag] === null)
  const left = [...new Set(moving.flatMap((tag) => before[tag] ?? []))]
  const version = bareVersion(to.version)
  return {
    title: titleOf(before, want, version),
    actions: [
      ...left.map((leaving) => guard(leaving, from.version, parseDockerPin(from.pin)?.digest)),
      ...moving.flatMap((tag) => move(tag, want[tag] ?? null, version)),
    ],
    want: { tags: want },
    undo: created.length > 0 ? [] : moving.flatMap((tag) => move(tag, before[tag] ?? null, bareVersion(from.version))),
    reversibility: created.length > 0 ? 'one-way' : 'reversible',
    manual: moving.map((tag) => skopeoCommand(ref.registry, tag, digest)),
  }
}

/** For a version that cannot be found: nothing is sent, and no pointer that could ever be read is promised. */
function planNothing(registry: string, version: string, tags: readonly string[]): StepDraft {
  return {
    title: `Point ${tags.join(', ')} at ${version}, which cannot be found`,
    actions: [],
    want: { tags: Object.fromEntries(tags.map((tag) => [tag, `the digest of ${version}`])) },
    undo: [],
    reversibility: 'reversible',
    manual: [`skopeo list-tags docker://${registry}`],
  }
}

type Tags = Readonly<Record<string, string | null>>

interface Leaving {
  readonly bad: DockerPin | undefined
  readonly good: DockerPin | undefined
  readonly movesAll: boolean
}

/**
 * A tag moves when it leads to the version that is left, or did when that was recorded: one that never got that far stays.
 * Where no tag is known to have led there, those move that lead where the first one leads. A tag that is gone comes back
 * only when it once led to one of the two versions, or when none of the configured tags is left: registries may not be
 * able to delete a tag that was made by mistake.
 */
function wantedTags(before: Tags, digest: string, leaving: Leaving): Tags {
  const { bad, good, movesAll } = leaving
  const names = Object.keys(before)
  const known = [...(bad?.tags ?? []), ...(good?.tags ?? [])]
  const allGone = names.every((tag) => before[tag] === null)
  const isLeft = (tag: string) => before[tag] === bad?.digest || bad?.tags.includes(tag) === true
  const there = names.filter((tag) => before[tag] !== null)
  const left = there.some((tag) => isLeft(tag))
  const first = before[names[0] ?? ''] ?? null
  const moves = (tag: string): boolean => {
    if (before[tag] === null) return allGone || known.includes(tag)
    return movesAll || (left ? isLeft(tag) : before[tag] === first)
  }
  return Object.fromEntries(names.map((tag) => [tag, moves(tag) ? digest : (before[tag] ?? null)]))
}

function titleOf(before: Tags, want: Tags, version: string): string {
  const names = Object.keys(before)
  const moving = names.filter((tag) => want[tag] !== before[tag])
  const created = moving.filter((tag) => before[tag] === null)
  const stay = names.filter(
    (tag) => before[tag] !== null && !moving.includes(tag) && !moving.some((one) => want[one] === before[tag]),
  )
  const made = `${created.join(', ')} is made anew: a registry need not be able to undo that`
  const kept = `${stay.join(', ')} ${stay.length === 1 ? 'leads' : 'lead'} to another version and ${stay.length === 1 ? 'stays' : 'stay'}`
  const notes = [...(created.length > 0 ? [made] : []), ...(stay.length > 0 ? [kept] : [])]
  const title = `Point ${moving.length === 1 ? 'tag' : 'tags'} ${moving.join(', ')} at ${version}`
  return notes.length === 0 ? title : `${title} (${notes.join('; ')})`
}

function move(tag: string, digest: string | null, version: string): readonly Action[] {
  if (digest === null) return []
  const title = `Put the manifest of ${version} (${shortDigest(digest)}) under tag ${tag}`
  return [{ kind: 'custom', title, operation: 'put-manifest', input: { tag, digest } }]
}

/** What is left without any tag may be deleted by the registry's garbage collection, and then there is no way back. */
export function guard(digest: string, leftVersion: string, leftDigest: string | undefined): Action {
  const own = versionTags(leftVersion)
  const isLeftVersion = leftDigest === undefined || leftDigest === digest
  const byDigest = `bagboy-rollback-${digest.slice('sha256:'.length, 'sha256:'.length + 12)}`
  const byVersion = `bagboy-rollback-${bareVersion(leftVersion).replaceAll('+', '_')}`.slice(0, 128)
  const guards = isLeftVersion ? [byVersion, byDigest] : [byDigest]
  const title = `Keep ${shortDigest(digest)} from garbage collection (tag ${guards[0]}, unless ${bareVersion(leftVersion)} is its tag)`
  return { kind: 'custom', title, operation: 'guard', input: { digest, own, guards } }
}

function skopeoCommand(registry: string, tag: string, digest: string): string {
  return `skopeo copy --all --preserve-digests docker://${registry}@${digest} docker://${registry}:${tag}`
}
