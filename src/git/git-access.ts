import { join } from 'node:path'
import { BagboyError } from '../errors/bagboy-error.ts'
import type { GitConnection } from './git-connection.ts'

/** A folder says who may write; a server would have to be written to. */
export async function probeAccess({
  platform,
  remote,
  timeoutMs,
  signal,
}: GitConnection): Promise<'write' | 'denied' | 'unknown'> {
  if (remote.kind !== 'folder') return 'unknown'
  const candidates = [join(remote.folder, 'objects'), join(remote.folder, '.git', 'objects')]
  for (const objects of candidates) {
    if ((await platform.files.stat(objects)) === undefined) continue
    return isWritable(() =>
      platform.exec({ file: 'test', args: ['-w', objects], timeoutMs, isOwnProgram: true }, signal),
    )
  }
  return 'unknown'
}

async function isWritable(test: () => Promise<{ readonly exitCode: number }>): Promise<'write' | 'denied' | 'unknown'> {
  try {
    return (await test()).exitCode === 0 ? 'write' : 'denied'
  } catch (error) {
    // There is no such program on Windows; the push itself will tell.
    if (error instanceof BagboyError && error.code === 'REGISTRY_UNREACHABLE') return 'unknown'
    throw error
  }
}
