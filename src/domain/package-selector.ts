import type { PackageRef } from './deployment.ts'
import { stepId } from './plan.ts'

/** The packages that `--only` and `--except` name. */
export interface PackageSelection {
  /** `format`, `format:registry` or `format:name@registry`; empty = all. */
  readonly only: readonly string[]
  readonly except: readonly string[]
}

/** Every word that names this package. Pure. */
export function packageWords(ref: PackageRef): readonly string[] {
  return [ref.format, `${ref.format}:${ref.registry}`, stepId(ref)]
}

/** Pure. */
export function isSelected(ref: PackageRef, { only, except }: PackageSelection): boolean {
  const words = packageWords(ref)
  const matches = (word: string): boolean => words.includes(word)
  return (only.length === 0 || only.some(matches)) && !except.some(matches)
}
