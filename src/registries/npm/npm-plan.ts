import { own } from '../../domain/text/own.ts'
import type { Action } from '../../domain/plan.ts'
import { bareVersion } from '../../domain/version.ts'
import type { PlanRequest, StepDraft } from '../driver.ts'
import { escapeName } from './npm-client.ts'
import { namesNoRegistry, normalizeRegistry } from './npm-address.ts'
import { parseNpmPin, parseNpmPointer, type NpmPackagePointer, type NpmPointer } from './npm-pin.ts'

export interface NpmPlanOptions {
  readonly package?: string | undefined
  readonly tag: string
}

/** One change and how to take it back. */
interface Change {
  readonly actions: readonly Action[]
  readonly undo: readonly Action[]
  readonly manual: string
}

/**
 * Takes back our own deprecations of the wanted versions, moves the tags (the main package last, when all that it
 * needs has moved), then deprecates what is left. Undo is the same backwards. Pure. `undefined` when all is so.
 */
export function planPackages(request: PlanRequest<NpmPlanOptions>): StepDraft | undefined {
  const { subject, snapshot, options } = request
  const main = options.package ?? subject.package.name
  const before = parseNpmPointer(snapshot.pointer)
  const wanted = wantedVersions(request, main)
  const names = [
    ...Object.keys(before)
      .filter((name) => name !== main)
      .sort(),
    ...(main in before ? [main] : []),
  ]
  const want = Object.fromEntries(
    names.map((name) => [name, wantedPointer(own(before, name), own(wanted, name), options.tag)]),
  )
  const registry = subject.package.registry
  const moves = names.flatMap((name) => moveTag(registry, name, options.tag, { before, want }))
  const texts = names.flatMap((name) => changeDeprecations(registry, name, { before, want }))
  const changes = [...texts.filter(({ clears }) => clears), ...moves, ...texts.filter(({ clears }) => !clears)]
  if (changes.length === 0) return undefined
  return {
    title: titleOf(main, options.tag, bareVersion(subject.to.version), moves.length),
    actions: changes.flatMap(({ actions }) => actions),
    want,
    undo: changes.toReversed().flatMap(({ undo }) => undo),
    reversibility: 'reversible',
    manual: changes.map(({ manual }) => manual),
  }
}

/** Package name → version; a package that the target did not have yet is in none. */
function wantedVersions(
  { subject: { to }, snapshot }: PlanRequest<NpmPlanOptions>,
  main: string,
): Readonly<Record<string, string>> {
  const resolved = snapshot.target.status === 'present' ? snapshot.target.pin : undefined
  const pin = parseNpmPin(resolved ?? to.pin)
  const others = Object.entries(pin?.packages ?? {}).map(([name, { version }]) => [name, version])
  return { ...Object.fromEntries(others), [main]: pin?.version ?? bareVersion(to.version) } as Record<string, string>
}

function wantedPointer(
  pointer: NpmPackagePointer | undefined,
  version: string | undefined,
  tag: string,
): NpmPackagePointer {
  const { tags = {}, deprecated = {} } = pointer ?? {}
  const texts = Object.entries(deprecated).map(([each, text]) => {
    if (each === version) return [each, isOurs(text, each) ? null : text] as const
    return [each, text ?? withdrawal(each, version)] as const
  })
  return { tags: { ...tags, [tag]: version ?? own(tags, tag) ?? null }, deprecated: Object.fromEntries(texts) }
}

/** Every user who installs it reads this, so it says what to do and not why: reasons are for the audit log. */
function withdrawal(version: string, instead: string | undefined): string {
  return instead === undefined ? `${version} was withdrawn.` : `${version} was withdrawn; use ${instead} instead.`
}

function isOurs(text: string | null, version: string): boolean {
  return text !== null && text.startsWith(`${version} was withdrawn`)
}

interface Both {
  readonly before: NpmPointer
  readonly want: NpmPointer
}

function moveTag(registry: string, name: string, tag: string, { before, want }: Both): readonly Change[] {
  const [left, wanted] = [own(own(before, name)?.tags, tag) ?? null, own(own(want, name)?.tags, tag) ?? null]
  if (wanted === null || left === wanted) return []
  return [
    {
      actions: [putTag(registry, name, tag, wanted)],
      undo: [left === null ? deleteTag(registry, name, tag) : putTag(registry, name, tag, left)],
      manual: `npm dist-tag add ${name}@${wanted} ${tag}${registryFlag(registry)}`,
    },
  ]
}

function changeDeprecations(
  registry: string,
  name: string,
  { before, want }: Both,
): readonly (Change & { readonly clears: boolean })[] {
  return Object.entries(own(want, name)?.deprecated ?? {}).flatMap(([version, message]) => {
    const text = own(own(before, name)?.deprecated, version) ?? null
    if (text === message) return []
    return [
      {
        clears: message === null,
        actions: [deprecate(name, version, message)],
        undo: [deprecate(name, version, text)],
        manual: `npm deprecate ${name}@${version} '${message ?? ''}'${registryFlag(registry)}`,
      },
    ]
  })
}

export function putTag(registry: string, name: string, tag: string, version: string): Action {
  return {
    kind: 'http',
    title: `Point dist-tag ${tag} of ${name} at ${version}`,
    method: 'PUT',
    url: tagUrl(registry, name, tag),
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(version),
  }
}

export function deleteTag(registry: string, name: string, tag: string): Action {
  const title = `Remove dist-tag ${tag} of ${name}`
  return { kind: 'http', title, method: 'DELETE', url: tagUrl(registry, name, tag), headers: {}, body: '' }
}

/** Without a host where the history names none: the driver adds the one npm is configured for. */
function tagUrl(registry: string, name: string, tag: string): string {
  const base = namesNoRegistry(registry) ? '' : normalizeRegistry(registry)
  return `${base}/-/package/${escapeName(name)}/dist-tags/${encodeURIComponent(tag)}`
}

function deprecate(name: string, version: string, message: string | null): Action {
  const title =
    message === null ? `Take back the deprecation of ${name}@${version}` : `Deprecate ${name}@${version}: ${message}`
  return { kind: 'custom', title, operation: 'deprecate', input: { package: name, version, message } }
}

function registryFlag(registry: string): string {
  return namesNoRegistry(registry) ? '' : ` --registry ${normalizeRegistry(registry)}`
}

function titleOf(main: string, tag: string, version: string, moveCount: number): string {
  if (moveCount === 0) return `Set the deprecations of ${main} for ${version}`
  const others = moveCount > 1 ? ` and of ${moveCount - 1} more` : ''
  return `Point dist-tag ${tag} of ${main}${others} at ${version}`
}
