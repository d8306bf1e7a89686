import { gzipSync } from 'node:zlib'

export interface TarFile {
  readonly path: string
  readonly content: string
  /** Default 0o644. */
  readonly mode?: number
}

const BLOCK_BYTES = 512

/** A POSIX ustar archive; the same files give the same bytes. */
export function tar(files: readonly TarFile[]): Buffer {
  const blocks = files.flatMap(({ path, content, mode = 0o644 }) => {
    const bytes = Buffer.from(content)
    return [header(path, bytes.length, mode), bytes, Buffer.alloc(-bytes.length & (BLOCK_BYTES - 1))]
  })
  return Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK_BYTES)])
}

export function gzip(bytes: Buffer): Buffer {
  return gzipSync(bytes, { level: 1 })
}

function header(path: string, size: number, mode: number): Buffer {
  const block = Buffer.alloc(BLOCK_BYTES)
  const octal = (value: number, at: number, width: number) =>
    block.write(`${value.toString(8).padStart(width - 1, '0')}\0`, at)
  block.write(path, 0, 100)
  octal(mode, 100, 8)
  octal(0, 108, 8)
  octal(0, 116, 8)
  octal(size, 124, 12)
  octal(0, 136, 12)
  block.write(' '.repeat(8), 148)
  block.write('0', 156)
  block.write('ustar\u000000', 257)
  const sum = block.reduce((total, byte) => total + byte, 0)
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return block
}
