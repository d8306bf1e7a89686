import type { PointerFileFormat } from '../pointer-file/pointer-file-format.ts'

/** Where Scoop looks in a bucket: in `bucket` at any depth when there is one, else in the root. */
export const SCOOP_LAYOUT: Pick<PointerFileFormat, 'pathsOf' | 'folders' | 'filesOf'> = {
  folders: ['bucket'],
  pathsOf: (name) => [`bucket/${name}.json`, `${name}.json`, `bucket/${name.charAt(0).toLowerCase()}/${name}.json`],
  filesOf(name, paths) {
    const within = paths.filter((path) => path.startsWith('bucket/'))
    if (within.length === 0) return paths.filter((path) => path === `${name}.json`)
    return within.filter((path) => path.endsWith(`/${name}.json`)).toSorted()
  },
}
