import { dirname } from 'node:path'
import { sanitize } from '../../../domain/text/sanitize.ts'
import { BagboyError } from '../../../errors/bagboy-error.ts'
import { codeOf } from '../error-code.ts'

/** Runs file system calls; an error code in `answers` has that answer, every other becomes DISK. @throws DISK */
export async function onDisk<T>(
  verb: string,
  path: string,
  work: () => Promise<T>,
  answers: Readonly<Record<string, T>> = {},
): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof BagboyError) throw error
    const code = codeOf(error)
    const answer = Object.entries(answers).find(([known]) => known === code)
    if (answer) return answer[1]
    if (code === '') throw error
    throw new BagboyError('DISK', `cannot ${verb} ${sanitize(path)} (${code})`, {
      hint: remedyFor(code, sanitize(path), sanitize(dirname(path))),
      details: { code, path },
      cause: error,
    })
  }
}

function remedyFor(code: string, path: string, folder: string): string {
  switch (code) {
    case 'ENOSPC':
      return `Free space on the disk that holds ${folder} (see: df -h ${folder}; df -i ${folder}); nothing was lost.`
    case 'EDQUOT':
      return `Free space within your quota for ${folder} (see: quota -s); nothing was lost.`
    case 'EROFS':
      return `The disk is mounted read-only: mount it writable, or move the project (see: findmnt -T ${folder}).`
    case 'EACCES':
    case 'EPERM':
      return `Give this user the right to read and write ${path} (see: ls -ld ${folder} ${path}).`
    case 'ELOOP':
      return `${path} is a link and is not followed here: replace it by a file (see: ls -l ${path}).`
    case 'EIO':
      return `The disk reports faults: copy ${folder} to another one (see: dmesg).`
    case 'EMFILE':
    case 'ENFILE':
      return 'Too many files are open: raise the limit (ulimit -n).'
    default:
      return `Look at it: ls -la ${folder}`
  }
}
