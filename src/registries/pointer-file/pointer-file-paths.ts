import type { PackageRef } from '../../domain/deployment.ts'
import type { PointerFileFormat, PointerFileOptions } from './pointer-file-format.ts'

type Layout = Pick<PointerFileFormat, 'pathsOf' | 'folders'>

/** Whether a file can be the one of the package: the configured path, or where files of this format usually are. Pure. */
export function isOwnPath(
  { pathsOf, folders }: Layout,
  { name }: Pick<PackageRef, 'name'>,
  { path: configured }: Pick<PointerFileOptions, 'path'>,
  path: string,
): boolean {
  if (configured !== undefined) return path === configured
  const usual = pathsOf(name)
  const file = usual[0].slice(usual[0].lastIndexOf('/') + 1)
  return usual.includes(path) || folders.some((folder) => path.startsWith(`${folder}/`) && path.endsWith(`/${file}`))
}
