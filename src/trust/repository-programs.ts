import { join } from 'node:path'
import type { Platform } from '../platform/platform.ts'

/** Keys under which a repository names programs, or files with more keys, for those who push to it. */
const NAMES_PROGRAMS = /hookspath|alternaterefscommand|\binclude/iu

/** Whether a push to the repository in this folder runs a program that it names. */
export async function hasPrograms(folder: string, { files }: Pick<Platform, 'files'>): Promise<boolean> {
  const folders = [folder, join(folder, '.git')]
  const found = await Promise.all(
    folders.map(async (candidate) => {
      const hooks = await files.list(join(candidate, 'hooks'))
      const config = new TextDecoder().decode(await files.read(join(candidate, 'config')))
      return hooks.some((name) => !name.endsWith('.sample')) || NAMES_PROGRAMS.test(config)
    }),
  )
  return found.includes(true)
}
