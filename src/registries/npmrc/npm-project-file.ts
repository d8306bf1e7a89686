import { dirname, join } from 'node:path'
import type { Files } from '../../platform/platform.ts'

/**
 * The `.npmrc` of a project: the one in its folder, else the one npm takes when it is started there, which is beside the
 * nearest `package.json` or `node_modules` above.
 */
export async function npmProjectFile(root: string, files: Files): Promise<string> {
  const own = join(root, '.npmrc')
  if ((await files.stat(own)) !== undefined) return own
  for (let folder = root; ; folder = dirname(folder)) {
    if (await isNpmProject(folder, files)) return join(folder, '.npmrc')
    if (dirname(folder) === folder) return own
  }
}

async function isNpmProject(folder: string, files: Files): Promise<boolean> {
  const [manifest, modules] = await Promise.all([
    files.stat(join(folder, 'package.json')),
    files.stat(join(folder, 'node_modules')),
  ])
  return manifest?.kind === 'file' || modules?.kind === 'folder'
}
