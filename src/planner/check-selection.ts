import { sanitize } from '../domain/text/sanitize.ts'
import type { PackageRef } from '../domain/deployment.ts'
import { isSelected, packageWords, type PackageSelection } from '../domain/package-selector.ts'
import { BagboyError } from '../errors/bagboy-error.ts'
import { unknownName } from '../errors/unknown-name.ts'

/**
 * Refuses a selection that does not do what it says: a word that names no package, or flags that leave none. Pure.
 * @throws USAGE with the nearest name
 */
export function checkSelection(refs: readonly PackageRef[], selection: PackageSelection): void {
  const known = refs.flatMap(packageWords)
  for (const flag of ['only', 'except'] as const) {
    const unknown = selection[flag].find((word) => !known.includes(word))
    if (unknown !== undefined) {
      throw unknownName({
        code: 'USAGE',
        message: `--${flag} ${sanitize(unknown, 200)} names no package of this plan.`,
        word: unknown,
        known,
        knownAs: 'Packages of this plan',
      })
    }
  }
  if (refs.length === 0 || refs.some((ref) => isSelected(ref, selection))) return
  throw new BagboyError('USAGE', `${flagsOf(selection)} leave no package of this plan.`, {
    hint: `Packages of this plan: ${[...new Set(refs.map(({ format }) => format))].join(', ')}.`,
  })
}

function flagsOf({ only, except }: PackageSelection): string {
  const named = [
    ...(only.length === 0 ? [] : [`--only ${only.join(',')}`]),
    ...(except.length === 0 ? [] : [`--except ${except.join(',')}`]),
  ]
  return sanitize(named.join(' and '), 400)
}
