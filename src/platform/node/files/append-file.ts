import { constants } from 'node:fs'
import { dirname } from 'node:path'
import { withCleanUp } from '../../../errors/with-clean-up.ts'
import type { AppendFile, FileSharing } from '../../platform.ts'
import { onDisk } from './disk-error.ts'
import { syncFolder, writeAll } from './durable.ts'
import { modesIn, PRIVATE, shareWith } from './new-modes.ts'
import type { FileSystem } from './file-system.ts'
import { requireFile } from './read-file.ts'
import { failpoint } from '../../failpoint.ts'

const FLAGS = constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND | constants.O_NOFOLLOW | constants.O_NONBLOCK

/**
 * After a failure every further append is refused: what is on disk is unknown then (a failed fsync drops pages), and
 * a second record behind half of a first would be damage that no reader can repair.
 */
export async function openDurableAppend(system: FileSystem, path: string, sharing: FileSharing): Promise<AppendFile> {
  const file = await onDisk('open', path, async () => {
    const modes = await modesIn(system, dirname(path), sharing)
    const opened = await system.open(path, FLAGS, PRIVATE.file)
    failpoint('append:opened')
    const prepare = async (): Promise<void> => {
      const status = await opened.stat()
      requireFile(path, status)
      // Only of one that was created here: the creator of another one has decided that.
      if (status.size === 0 && modes.group !== null) await shareWith(opened, modes.file, modes.group)
      await syncFolder(system, dirname(path))
    }
    await prepare().catch((error: unknown) =>
      withCleanUp(
        () => Promise.reject(error),
        () => opened.close(),
      ),
    )
    return opened
  })
  let failure: { readonly error: unknown } | undefined
  return {
    async append(bytes) {
      if (failure) throw failure.error
      try {
        await onDisk('write', path, async () => {
          failpoint('append:begun')
          await writeAll(file, bytes)
          failpoint('append:written')
          await file.datasync()
          failpoint('append:done')
        })
      } catch (error) {
        failure = { error }
        throw error
      }
    },
    close: () => onDisk('close', path, () => file.close()),
  }
}
