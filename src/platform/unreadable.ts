import { BagboyError } from '../errors/bagboy-error.ts'

/** What the system answers for a file that belongs to another user, or is a link to itself. */
const NOT_OURS = new Set(['EACCES', 'EPERM', 'ELOOP'])

/**
 * Whether a file cannot be read because of what it is: a pipe, a folder, a link that leads elsewhere, a file of another
 * user. Nothing of this kind was written by a run of ours. A fault of the disk is none of them: it may hide a run of ours.
 */
export function isUnreadable(error: unknown): error is BagboyError {
  if (!(error instanceof BagboyError)) return false
  return error.code === 'FILE_REFUSED' || (error.code === 'DISK' && NOT_OURS.has(systemCode(error)))
}

function systemCode({ details }: BagboyError): string {
  const code = details !== null && typeof details === 'object' && 'code' in details ? details['code'] : ''
  return typeof code === 'string' ? code : ''
}

/** What `read` gives, or why it cannot be read. @throws every error that is not `isUnreadable` */
export async function orUnreadable<T>(read: Promise<T>): Promise<T | BagboyError> {
  return read.catch((error: unknown) => {
    if (isUnreadable(error)) return error
    throw error
  })
}

/** The same where it does not matter why. */
export async function ifReadable<T>(read: Promise<T>): Promise<T | undefined> {
  const found = await orUnreadable(read)
  return found instanceof BagboyError ? undefined : found
}
