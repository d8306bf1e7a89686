import semver from 'semver'
import type { ValidationLevel } from '../config/config.ts'
import type { PackagerKeys } from './packager-keys.ts'
import { atLevel, type FindingDraft } from './target-context.ts'

export interface PackagerKeysPair {
  readonly from: string
  readonly to: string
  /** `undefined` = not known. */
  readonly live: PackagerKeys | undefined
  readonly target: PackagerKeys | undefined
}

const CODE = 'V26'

/**
 * `verify_dependencies`: what the target needs against what the live version needs, since that is what machines were
 * prepared for last. Pure.
 */
export function checkDependencies(level: ValidationLevel, pair: PackagerKeysPair): readonly FindingDraft[] {
  if (level === 'off') return []
  const { from, to, live, target } = pair
  if (!target) return [notKnown(to)]
  const found = [...target.dependencies].flatMap(([name, wanted]) => {
    const now = live?.dependencies.get(name)
    if (live && now === undefined) return [notDeclared(name, wanted, pair)]
    if (now === undefined || canShare(wanted, now)) return []
    return atLevel(level, {
      code: CODE,
      title: `${to} needs another ${name} than ${from}`,
      detail: `It needs ${wanted}, and ${from} was deployed for ${now}: no version is both.`,
      remedy: `Provide ${wanted} where it runs, choose another version, or insist with --override ${CODE} --reason TEXT.`,
    })
  })
  if (found.length > 0) return found
  const count = target.dependencies.size
  const title = `${to} needs nothing that ${from} does not need`
  return [{ code: CODE, severity: 'ok', title, detail: `${count} declared`, remedy: '' }]
}

/** Whether one version can be both; what is no range of versions is taken at its word. */
function canShare(left: string, right: string): boolean {
  if (left === '' || right === '' || left === right) return true
  if (semver.validRange(left) === null || semver.validRange(right) === null) return true
  return semver.intersects(left, right)
}

function notDeclared(name: string, wanted: string, { from, to }: PackagerKeysPair): FindingDraft {
  return {
    code: CODE,
    severity: 'warn',
    title: `${to} needs ${name}, which ${from} does not declare any more`,
    detail: wanted === '' ? 'Machines that were set up since may not have it.' : `It needs ${wanted}.`,
    remedy: 'Look whether it is still there where the application runs.',
  }
}

function notKnown(version: string): FindingDraft {
  return {
    code: CODE,
    severity: 'warn',
    title: `what ${version} needs is not known here`,
    detail: 'git does not have its commit, or not its bagboy.yaml.',
    remedy: 'Fetch the whole history (git fetch --unshallow), or look at the dependencies by hand.',
  }
}
