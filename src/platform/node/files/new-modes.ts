import type { FileSharing } from '../../platform.ts'
import { codeOf } from '../error-code.ts'
import type { FileSystem } from './file-system.ts'

/** Permission bits of what is created. */
export interface NewModes {
  readonly file: number
  readonly folder: number
  /** Whom the group's bits are meant for; `null` where they say nothing. */
  readonly group: number | null
}

export const PRIVATE: NewModes = { file: 0o600, folder: 0o700, group: null }

const GROUP = 0o070
const GROUP_READ = 0o040
const GROUP_WRITE = 0o020
const OTHERS_WRITE = 0o002
const SETGID = 0o2000

/**
 * What is created in a folder for those who share it: the group's rights there, less what the umask takes away. A
 * folder that the group may write to is shared on purpose, as one of `git init --shared`: there only a umask that
 * closes it to the group altogether counts. Nothing is shared in a folder that every user may write to.
 */
export async function modesIn(
  system: Pick<FileSystem, 'stat'>,
  folder: string,
  sharing: FileSharing,
): Promise<NewModes> {
  if (sharing === 'owner' || process.platform === 'win32') return PRIVATE
  const status = await system.stat(folder).catch((error: unknown) => {
    if (codeOf(error) !== 'ENOENT') throw error
    return { mode: 0, gid: 0 }
  })
  const { mode } = status
  const umask = process.umask()
  if ((mode & OTHERS_WRITE) !== 0 || (umask & GROUP_READ) !== 0) return PRIVATE
  const group = mode & (mode & GROUP_WRITE ? GROUP : GROUP & ~umask)
  if (group === 0) return PRIVATE
  return {
    file: PRIVATE.file | (group & (GROUP_READ | GROUP_WRITE)),
    folder: PRIVATE.folder | group | (mode & SETGID),
    group: status.gid,
  }
}

type Handle = Awaited<ReturnType<FileSystem['open']>>

/**
 * Gives what was just created, and is its owner's alone, the bits of `mode`. They are meant for the group of the folder:
 * where it cannot be given to that group, no group gets them.
 */
export async function shareWith(created: Handle, mode: number, group: number | null): Promise<void> {
  if (group !== null && (await created.stat()).gid !== group) {
    const isGiven = await created.chown(-1, group).then(
      () => true,
      (error: unknown) => {
        if (codeOf(error) !== 'EPERM') throw error
        return false
      },
    )
    if (!isGiven) return created.chmod(mode & ~GROUP)
  }
  return created.chmod(mode)
}
