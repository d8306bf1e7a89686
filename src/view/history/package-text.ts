import type { PackageRef } from '../../domain/deployment.ts'

/** One package in one line. Pure. */
export function packageText({ format, registry, name }: PackageRef): string {
  return `${format} ${name} @ ${registry}`
}

export const PACKAGE_COLUMNS = [{ title: 'FORMAT' }, { title: 'PACKAGE' }, { title: 'REGISTRY' }] as const

/** The same in three cells, under PACKAGE_COLUMNS. */
export function packageCells({ format, registry, name }: PackageRef): readonly string[] {
  return [format, name, registry]
}
