import { sanitize } from '../../domain/text/sanitize.ts'
import type { PinnedVersion } from '../../domain/plan.ts'
import { own } from '../../domain/text/own.ts'
import { bareVersion } from '../../domain/version.ts'
import type { Snapshot, Subject } from '../driver.ts'
import { compareArchives } from './compare-archives.ts'
import { hashesOf, type NpmPackument } from './npm-packument.ts'
import {
  isOwnName,
  matchesName,
  npmPinOf,
  parseNpmPin,
  releaseOfPin,
  type NpmMember,
  type NpmRelease,
} from './npm-pin.ts'

export interface NpmNames {
  readonly main: string
  /** Names of the packages that move with it; `*` within one part. */
  readonly patterns: readonly string[]
}

/** What a recorded pin says, or else what the version's own manifest says belongs to it. */
export function releaseFor(
  { version, pin }: Subject['to'],
  { main, patterns }: NpmNames,
  packument: NpmPackument,
): NpmRelease {
  return releaseOfPin(main, pin, patterns) ?? releaseOfManifest(version, { main, patterns }, packument)
}

/** Packages for single platforms stand among a version's dependencies, each with its exact version. */
export function releaseOfManifest(version: string, { main, patterns }: NpmNames, packument: NpmPackument): NpmRelease {
  const bare = bareVersion(version)
  const { dependencies = {}, optionalDependencies = {} } = own(packument.versions, bare) ?? {}
  const needed = Object.entries({ ...dependencies, ...optionalDependencies })
    .filter(([name]) => patterns.some((pattern) => matchesName(pattern, name)))
    .map(([name, range]) => [name, memberAt(/^\d[\w.+-]*$/u.test(range) ? range : bare)] as const)
  const named = patterns.filter((pattern) => !pattern.includes('*')).map((name) => [name, memberAt(bare)] as const)
  return { ...Object.fromEntries([...named, ...needed]), [main]: memberAt(bare) }
}

function memberAt(version: string): NpmMember {
  return { version, integrity: null }
}

/** The release with the hashes its archives have now. */
export function withIntegrity(release: NpmRelease, packuments: Readonly<Record<string, NpmPackument>>): NpmRelease {
  return Object.fromEntries(
    Object.entries(release).map(([name, { version }]) => {
      const packument = own(packuments, name)
      return [name, { version, ...(packument ? hashesOf(packument, version) : { integrity: null }) }] as const
    }),
  )
}

interface TargetFacts extends NpmNames {
  readonly tag: string
  readonly wanted: NpmRelease
  readonly packuments: Readonly<Record<string, NpmPackument>>
}

/** Whether every package of the wanted release is still there, with the archive that was recorded. Pure. */
export function findNpmTarget(
  { from, to }: Subject,
  { main, patterns, tag, wanted, packuments }: TargetFacts,
): Snapshot['target'] {
  const foreign = [to, from].map((end) => pinFault(end, { main, patterns })).find((fault) => fault !== undefined)
  if (foreign !== undefined) return { status: 'changed', detail: foreign, remedy: WRONG_PIN }
  const found = withIntegrity(wanted, packuments)
  const members = Object.entries(wanted)
  const absent = members.filter(([name, { version }]) => own(own(packuments, name)?.versions, version) === undefined)
  if (absent.length > 0) {
    return {
      status: 'missing',
      detail: `${absent.map(nameAndVersion).join(', ')} is not in the registry: unpublished, or never published there`,
      remedy: 'Choose another target (bagboy-tui versions list), or publish the same content under a new version.',
    }
  }
  const compared = members.map((each) => ({ each, ...compareArchives(each[1], own(found, each[0])) }))
  const changed = compared.flatMap(({ each, state }) => (state === 'other' ? [each] : []))
  if (changed.length > 0) {
    return {
      status: 'changed',
      detail: `the archive of ${changed.map(nameAndVersion).join(', ')} is not the one that was recorded`,
      remedy: 'Find out who published it again; do not send users to it before that is known.',
    }
  }
  const uncomparable = compared.filter(({ state }) => state === 'untold')
  return {
    status: 'present',
    ...(releaseOfPin(main, to.pin, patterns) ? {} : { pin: npmPinOf(tag, main, found) }),
    ...(uncomparable.length === 0 ? {} : { uncompared: uncompared(uncomparable) }),
  }
}

interface Uncomparable {
  readonly each: readonly [string, NpmMember]
  readonly recorded: string
  readonly given: string
}

function uncompared(uncomparable: readonly Uncomparable[]) {
  const each = uncomparable.map((one) => {
    const given = one.given === '' ? 'no hash' : one.given
    return `${nameAndVersion(one.each)} was recorded with ${one.recorded}, and the registry gives ${given}`
  })
  return {
    detail: `whether the archive is the recorded one cannot be told: ${each.join('; ')}`,
    remedy: 'Compare the archive by hand (npm pack), then insist with --override V02 --reason TEXT.',
  }
}

const WRONG_PIN =
  'Correct the entry in the history, or record the version again: bagboy-tui record --version V. A package that moves with it is named under packages: in bagboy.yaml.'

/** Why a recorded pin cannot be the one of its version, in words. Another version would be served under its name. */
function pinFault({ version, pin }: PinnedVersion, { main, patterns }: NpmNames): string | undefined {
  const recorded = parseNpmPin(pin)
  if (!recorded) return undefined
  if (withoutBuild(recorded.version) !== withoutBuild(version)) {
    return `what was recorded for ${version} is ${main}@${recorded.version}`
  }
  const foreign = Object.keys(recorded.packages ?? {}).find((name) => !isOwnName(name, main, patterns))
  return foreign === undefined
    ? undefined
    : `what was recorded for ${version} names ${sanitize(foreign, 100)}, which is no package of this entry`
}

/** npm leaves build metadata out. */
function withoutBuild(version: string): string {
  return bareVersion(version).split('+')[0] ?? ''
}

function nameAndVersion([name, { version }]: readonly [string, NpmMember]): string {
  return `${name}@${version}`
}
