import { own } from '../../domain/text/own.ts'
import { z } from 'zod'
import type { PackageRef } from '../../domain/deployment.ts'
import { sanitize } from '../../domain/text/sanitize.ts'
import { BagboyError } from '../../errors/bagboy-error.ts'
import { parseVersion } from '../../domain/version.ts'
import { defineDriver, type Snapshot } from '../driver.ts'
import { mapConcurrently } from '../../platform/limit-concurrency.ts'
import { hasNpmLogin } from './has-npm-login.ts'
import { createNpmClient, type NpmClient } from './npm-client.ts'
import {
  deprecationOf,
  installsInstead,
  readPackument,
  requirePackument,
  writeDeprecation,
  type NpmPackument,
} from './npm-packument.ts'
import {
  npmPinOf,
  parseNpmPointer,
  pointerOfNpmPin,
  requireNpmName,
  withoutDeprecations,
  type NpmPointer,
  type NpmRelease,
} from './npm-pin.ts'
import { planPackages } from './npm-plan.ts'
import { npmOutOfScope } from './npm-scope.ts'
import { findNpmTarget, releaseFor, releaseOfManifest, withIntegrity, type NpmNames } from './npm-release.ts'
import { secretReference } from '../../platform/secret.ts'

const options = z.strictObject({
  /** Default: the name in the history. */
  package: z.string().optional(),
  /** Moved together with it, it last; `*` within one part of a name. */
  packages: z.array(z.string().regex(/^(?:@[\w.*~-]+\/)?[\w.*~-]+$/u)).default([]),
  /** Never a version or a range: npm reads those differently. */
  tag: z
    .string()
    .regex(/^[A-Za-z][\w.-]*$/u)
    .default('latest'),
  deprecate_bad: z.boolean().default(true),
  /** Where the token is to be found. Default: npm's own configuration. */
  token: secretReference.optional(),
})
type NpmOptions = z.infer<typeof options>
type Packuments = Readonly<Record<string, NpmPackument>>

const deprecateInput = z.strictObject({
  package: z.string(),
  version: z.string().regex(/^[0-9A-Za-z][\w.+-]*$/u),
  message: z.string().nullable(),
})

/** Packages read at a time, two requests each. */
const PARALLEL_COUNT = 4

/**
 * Moves a dist-tag and deprecates the version that is left: measured, only both together reach every client.
 * Deprecation is a custom action because a registry takes it only as its whole document, read a moment before.
 */
export const npm = defineDriver<NpmOptions>({
  format: 'npm',
  title: 'npm registry',
  login: 'your npm login',
  hasLogin: hasNpmLogin,
  options,
  group: 2,
  effect: {
    newInstalls:
      'Fresh installs by name, by tag or by a range that admits the old version get it; exact versions and ranges that begin at the bad one do not.',
    existingUsers:
      'Global installs move back with npm update -g, projects with npm update; a lockfile stays where it is (npm ci).',
    timeToEffect: 'Seconds at the registry, minutes behind a cache.',
  },

  async inspect(subject, context) {
    const { tag, deprecate_bad: deprecates } = context.options
    const client = await createNpmClient(subject.package, context)
    const names = namesOf(subject.package, context.options)
    // Asked at once, so that it costs no round trip; its answer, or its failure, counts only where something is to be written.
    const access = readAccess(client)
    access.catch(() => undefined)
    const main = await requirePackument(client, names.main)
    const [left, wanted] = [releaseFor(subject.from, names, main), releaseFor(subject.to, names, main)]
    const packuments = await readAll(client, [left, wanted], { [names.main]: main })
    const pointer = pointerOf([left, wanted], packuments, { tag, deprecates })
    const isThere = Object.entries(wanted).every(
      ([name, { version }]) => own(own(pointer, name)?.tags, tag) === version,
    )
    const notes = Object.entries(packuments).flatMap(([name, one]) => installsInstead(name, one, tag) ?? [])
    const snapshot = {
      pointer,
      revision: null,
      // While the two say different things some get one and some the other.
      serving: installsInstead(names.main, main, tag) === undefined ? servedBy(main, tag) : null,
      ...(notes.length === 0 ? {} : { isApplied: false, notAppliedNote: notes.join('; ') }),
      target: findNpmTarget(subject, { ...names, tag, wanted, packuments }),
      ...(isThere ? NOT_ASKED : await access),
      preview: { before: '', after: '' },
    } as const
    const plan = planPackages({ subject, snapshot, options: context.options })
    return {
      ...snapshot,
      preview: { before: describe(pointer), after: describe(parseNpmPointer(plan?.want ?? pointer)) },
    }
  },

  async capture({ package: ref, version }, context) {
    const client = await createNpmClient(ref, context)
    const names = namesOf(ref, context.options)
    const main = await requirePackument(client, names.main)
    const release = releaseOfManifest(version, names, main)
    const packuments = await readAll(client, [release], { [names.main]: main })
    const absent = Object.entries(release).filter(
      ([name, member]) => !own(own(packuments, name)?.versions, member.version),
    )
    if (absent.length === 0) return npmPinOf(context.options.tag, names.main, withIntegrity(release, packuments))
    const missing = absent.map(([name, member]) => `${name}@${member.version}`).join(', ')
    throw new BagboyError('REGISTRY_NOT_FOUND', `${client.registry} does not have ${missing}`, {
      hint: 'Publish it first, then record it.',
    })
  },

  pointerOf: ({ package: ref, pin, options: { package: main, tag } }) => pointerOfNpmPin(main ?? ref.name, pin, tag),

  narrow: (pointer, { deprecate_bad: deprecates }) => (deprecates ? pointer : withoutDeprecations(pointer)),

  plan: planPackages,

  outOfScope: npmOutOfScope,

  async send({ method, url, headers, body, title }, context) {
    const client = await createNpmClient(context.subject.package, context)
    const path = url.startsWith('/') ? url : url.slice(client.registry.length)
    if (!path.startsWith('/') || (path !== url && !url.startsWith(client.registry))) {
      throw new BagboyError('PLAN_INVALID', `npm: the plan writes to another place than ${client.registry}`, {
        hint: 'Make the plan again.',
      })
    }
    await client.write({ method, path, headers, doing: `carrying out "${title}"`, ...(body === '' ? {} : { body }) })
  },

  operations: {
    async deprecate(input, context) {
      const parsed = deprecateInput.safeParse(input)
      if (!parsed.success) throw new BagboyError('PLAN_INVALID', 'npm: the plan holds an unknown form of deprecation')
      const { package: name, version, message } = parsed.data
      const client = await createNpmClient(context.subject.package, context)
      await writeDeprecation(client, { name: requireNpmName(name), version, message })
    },
  },
})

function servedBy({ tags }: NpmPackument, tag: string): string | null {
  return parseVersion(own(tags, tag) ?? '') ?? null
}

function namesOf(ref: PackageRef, { package: main, packages }: NpmOptions): NpmNames {
  return { main: requireNpmName(main ?? ref.name), patterns: packages }
}

/** Every package of these releases that the registry has. */
async function readAll(client: NpmClient, releases: readonly NpmRelease[], known: Packuments): Promise<Packuments> {
  const names = [...new Set(releases.flatMap((release) => Object.keys(release)))].filter(
    (name) => !Object.hasOwn(known, name),
  )
  const read = await mapConcurrently(names, PARALLEL_COUNT, (name) => readPackument(client, requireNpmName(name)))
  const found = names.flatMap((name, index) => {
    const packument = read[index]
    return packument ? [[name, packument] as const] : []
  })
  return { ...known, ...Object.fromEntries(found) }
}

/** The same for a rollback and for its way back, so both versions of every package are in it. */
function pointerOf(
  releases: readonly NpmRelease[],
  packuments: Packuments,
  { tag, deprecates }: { readonly tag: string; readonly deprecates: boolean },
): NpmPointer {
  return Object.fromEntries(
    Object.entries(packuments).map(([name, packument]) => {
      const versions = deprecates ? releases.flatMap((release) => own(release, name)?.version ?? []) : []
      const texts = versions
        .filter((version) => own(packument.versions, version) !== undefined)
        .map((version) => [version, deprecationOf(packument, version)] as const)
      return [
        name,
        { tags: { [tag]: own(packument.tags, tag) ?? null }, deprecated: Object.fromEntries(texts) },
      ] as const
    }),
  )
}

type Access = Pick<Snapshot, 'access' | 'accessNote'>
const NOT_ASKED: Access = { access: 'unknown' }

/**
 * What the credentials may do cannot be asked. Who they belong to can, and a refusal says nothing either: tokens for
 * build machines and registries without users refuse it while they take writes.
 */
async function readAccess(client: NpmClient): Promise<Access> {
  if (client.lacksLogin) return { access: 'denied', accessNote: client.lacksLogin }
  const { status } = await client.read({ method: 'GET', path: '/-/whoami', doing: 'asking who we are' })
  if (status !== 401 && status !== 403) return NOT_ASKED
  const detail = `the registry does not say whose the credentials are (${status}); whether they may write shows with the first write`
  return { access: 'unknown', accessNote: { detail, remedy: '' } }
}

function describe(pointer: NpmPointer): string {
  const lines = Object.entries(pointer).flatMap(([name, { tags, deprecated }]) => [
    ...Object.entries(tags).map(([tag, version]) => `${name}  ${tag} → ${version ?? '(no such tag)'}`),
    ...Object.entries(deprecated).map(([version, text]) => `${name}@${version}  ${text ?? '(not deprecated)'}`),
  ])
  // Deprecations are foreign text.
  return lines.map((line) => sanitize(line)).join('\n')
}
