import type { PackageRef } from '../../domain/deployment.ts'
import type { PointerFileFormat, PointerFileOptions } from './pointer-file-format.ts'

/** Whether a file can be the one of the package: the configured path, or where files of this format usually are. Pure. */
export function isOwnPath(
  { pathsOf }: Pick<PointerFileFormat, 'pathsOf'>,
  { name }: Pick<PackageRef, 'name'>,
  { path: configured }: Pick<PointerFileOptions, 'path'>,
  path: string,
): boolean {
  return configured === undefined ? pathsOf(name).includes(path) : path === configured
}
