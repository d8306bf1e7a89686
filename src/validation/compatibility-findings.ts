import type { Config } from '../config/config.ts'
import type { Deployment } from '../domain/deployment.ts'
import type { Json } from '../domain/text/json.ts'
import type { Subject } from '../registries/driver.ts'
import type { PackagerKeysPair } from './dependency-findings.ts'
import { atLevel, type FindingDraft } from './target-context.ts'

type Compatibility = Config['validation']['compatibility']

/** `check_backwards_compatibility`: whether the target can work on the data of now. `live`: the data's schema, if known. Pure. */
export function checkSchema(
  { level, onUnknown, schemaWords }: Compatibility,
  active: Deployment,
  target: Deployment,
  live: number | undefined,
): readonly FindingDraft[] {
  if (level === 'off') return []
  const isRecorded = [active, target].some(
    ({ schemaVersion, minRollbackSchema }) => schemaVersion !== undefined || minRollbackSchema !== undefined,
  )
  // A project that keeps no such numbers has none to compare.
  if (!isRecorded && schemaWords === null) return []
  if (live === undefined) return unknownSchema(onUnknown, target.version)
  const { minRollbackSchema: floor, schemaVersion: known } = target
  if (floor !== undefined && live < floor) {
    return atLevel(level, {
      code: 'V11',
      title: `${target.version} cannot work on the data as it is`,
      detail: `It needs data of schema ${floor} or newer; the live data is of schema ${live}.`,
      remedy: `Choose a version whose floor is ${live} or lower, migrate the data, or insist with --override V11 --reason TEXT.`,
    })
  }
  if (known !== undefined && live > known) {
    return [
      {
        code: 'V11',
        severity: 'warn',
        title: `the data has moved on since ${target.version} was live`,
        detail: `It is of schema ${live} now, and was of schema ${known} then.`,
        remedy: `Make sure that ${target.version} can read it.`,
      },
    ]
  }
  const title = `${target.version} can work on data of schema ${live}`
  return [
    { code: 'V11', severity: 'ok', title, detail: floor === undefined ? '' : `its floor is ${floor}`, remedy: '' },
  ]
}

function unknownSchema(onUnknown: Compatibility['onUnknown'], version: string): readonly FindingDraft[] {
  return atLevel(onUnknown === 'pass' ? 'off' : onUnknown, {
    code: 'V11',
    title: 'the schema of the live data is not known',
    detail: 'It is not recorded with the live version, or the command that prints it failed.',
    remedy: `Find out whether ${version} can read the data, then insist with --override V11 --reason TEXT.`,
  })
}

/** Platforms that the live version offers and the target does not. Pure. */
export function checkPlatforms(level: Compatibility['level'], subjects: readonly Subject[]): readonly FindingDraft[] {
  return subjects.flatMap(({ package: ref, from, to }) => {
    const [live, target] = [platformsOf(from.pin), platformsOf(to.pin)]
    const missing = target.length === 0 ? [] : live.filter((platform) => !target.includes(platform))
    if (missing.length === 0) return []
    return atLevel(level, {
      code: 'V10',
      title: `${ref.format}: ${to.version} does not exist for ${missing.join(', ')}`,
      detail: `${from.version} does; clients there get nothing.`,
      remedy: `Choose another version, leave this registry out (--except ${ref.format}), or insist with --override V10 --reason TEXT.`,
      package: ref,
    })
  })
}

function platformsOf(pin: Json): readonly string[] {
  if (pin === null || typeof pin !== 'object' || Array.isArray(pin)) return []
  const { platforms } = pin as { readonly platforms?: Json }
  return Array.isArray(platforms) ? platforms.filter((one) => typeof one === 'string') : []
}

/** Binaries that the packager makes of the live version and did not make of the target. Pure. */
export function checkBinaries(level: Compatibility['level'], pair: PackagerKeysPair): readonly FindingDraft[] {
  const { from, to, live, target } = pair
  if (!live || !target) return []
  const missing = live.binaries.filter((name) => !target.binaries.includes(name))
  if (missing.length === 0) return []
  return atLevel(level, {
    code: 'V10',
    title: `${to} has no binary ${missing.join(', ')}`,
    detail: `${from} has; it came after ${to}.`,
    remedy: `Tell the users of it, choose another version, or insist with --override V10 --reason TEXT.`,
  })
}
