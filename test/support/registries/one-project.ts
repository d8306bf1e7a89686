import type { Files } from '../../../src/platform/platform.ts'

/** Files to which `folder` is the same project as every other that says so: trials begin with copies of one. */
export function asOneProject(files: Files, folder: string): Files {
  return { ...files, realPath: (path) => (path === folder ? Promise.resolve('/project') : files.realPath(path)) }
}
