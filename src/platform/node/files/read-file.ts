import { constants, type Stats } from 'node:fs'
import { sanitize } from '../../../domain/text/sanitize.ts'
import { BagboyError } from '../../../errors/bagboy-error.ts'
import { withCleanUp } from '../../../errors/with-clean-up.ts'
import type { FileSystem } from './file-system.ts'

type Handle = Awaited<ReturnType<FileSystem['open']>>

/** Opening a pipe without a writer would wait for ever, and no signal would end the wait. */
const FLAGS = constants.O_RDONLY | constants.O_NONBLOCK
/** Files that are larger than they say (those of /proc) are read in pieces of this size. */
const PIECE_BYTES = 64 * 1024

/**
 * All of a regular file. What it is, is looked at before it is opened, because opening a device may do something, and once
 * more behind it. @throws FILE_REFUSED for anything else than a file, and beyond `maxBytes`; what the system says
 */
export async function readRegularFile(system: FileSystem, path: string, maxBytes: number): Promise<Uint8Array> {
  requireSize(path, await system.stat(path), maxBytes)
  return withRegularFile(system, path, async (file, { size }) => {
    requireSize(path, { size }, maxBytes)
    const bytes = await readUpTo(file, Math.min(size, maxBytes) + 1, maxBytes + 1)
    requireSize(path, { size: bytes.length }, maxBytes)
    return bytes
  })
}

/** The first `size` bytes of a regular file, fewer when there are no more. @throws FILE_REFUSED, as above */
export async function readFileStart(system: FileSystem, path: string, size: number): Promise<Uint8Array> {
  requireFile(path, await system.stat(path))
  return withRegularFile(system, path, (file, status) => readUpTo(file, Math.min(size, status.size + 1), size))
}

async function withRegularFile<T>(
  system: FileSystem,
  path: string,
  use: (file: Handle, status: Stats) => Promise<T>,
): Promise<T> {
  const file = await system.open(path, FLAGS)
  const work = async (): Promise<T> => {
    const status = await file.stat()
    requireFile(path, status)
    return use(file, status)
  }
  return withCleanUp(work, () => file.close())
}

/** Up to `maxBytes`; `expected` is what is made room for at first. */
async function readUpTo(file: Handle, expected: number, maxBytes: number): Promise<Uint8Array> {
  let bytes = new Uint8Array(expected)
  let length = 0
  for (;;) {
    if (length === maxBytes) break
    if (length === bytes.length) bytes = grown(bytes, Math.min(maxBytes, length + PIECE_BYTES))
    const { bytesRead } = await file.read(bytes, length, bytes.length - length, length)
    if (bytesRead === 0) break
    length += bytesRead
  }
  return bytes.subarray(0, length)
}

function grown(bytes: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(size)
  larger.set(bytes)
  return larger
}

function requireSize(path: string, status: Pick<Stats, 'size'> | Stats, maxBytes: number): void {
  if ('mode' in status) requireFile(path, status)
  if (status.size <= maxBytes) return
  const shown = sanitize(path)
  throw new BagboyError('FILE_REFUSED', `${shown} is longer than the ${maxBytes} bytes that are read of such a file`, {
    hint: `Look at what it holds: ls -ls ${shown}`,
    details: { path },
  })
}

/** @throws FILE_REFUSED */
export function requireFile(path: string, status: Stats): void {
  if (status.isFile()) return
  const shown = sanitize(path)
  throw new BagboyError('FILE_REFUSED', `${shown} is ${kindOf(status)} where a file is expected, and was not opened`, {
    hint: `Put a file in its place, or remove it (see: ls -ld ${shown}).`,
    details: { path },
  })
}

function kindOf(status: Stats): string {
  if (status.isDirectory()) return 'a folder'
  if (status.isFIFO()) return 'a pipe'
  if (status.isSocket()) return 'a socket'
  return 'a device'
}
