import { fstatSync } from 'node:fs'
import { mkdtemp, open, rm, type FileHandle } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Between two looks at how much was printed, ms. */
const LOOK_MS = 200

/**
 * Where a program prints that may leave others running: unlike a pipe, a file takes what they print also when no
 * process reads it any more. It has no name, so it is gone with the last of them.
 */
export interface OutputFiles {
  readonly stdout: number
  readonly stderr: number
  /** The last `maxBytes` of both. */
  read(): Promise<readonly [stdout: Uint8Array, stderr: Uint8Array]>
  close(): Promise<void>
}

/** `onTooMuch` is called when one of them holds more than `maxBytes`. */
export async function openOutputFiles(maxBytes: number, onTooMuch: () => void): Promise<OutputFiles> {
  const folder = await mkdtemp(join(tmpdir(), 'bagboy-output-'))
  const stdout = await open(join(folder, 'stdout'), 'a+', 0o600)
  const stderr = await open(join(folder, 'stderr'), 'a+', 0o600)
  // Windows keeps the name of a file that is open: its folder for temporary files holds it until the system clears it.
  if (process.platform !== 'win32') await rm(folder, { recursive: true })
  const timer = setInterval(() => {
    if ([stdout, stderr].some(({ fd }) => fstatSync(fd).size > maxBytes)) onTooMuch()
  }, LOOK_MS)
  return {
    stdout: stdout.fd,
    stderr: stderr.fd,
    read: () => Promise.all([endOf(stdout, maxBytes), endOf(stderr, maxBytes)]),
    async close() {
      clearInterval(timer)
      await Promise.all([stdout.close(), stderr.close()])
    },
  }
}

async function endOf(file: FileHandle, maxBytes: number): Promise<Uint8Array> {
  const { size } = await file.stat()
  const length = Math.min(size, maxBytes)
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, size - length)
  return new Uint8Array(buffer.subarray(0, bytesRead))
}
