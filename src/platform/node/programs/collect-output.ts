import type { Readable } from 'node:stream'

/** Everything the stream gives, up to `maxBytes`; then `onTooMuch` is called once and nothing more is kept. */
export function collectOutput(stream: Readable, maxBytes: number, onTooMuch: () => void): () => Uint8Array {
  const chunks: Buffer[] = []
  let sizeBytes = 0
  stream.on('data', (chunk: Buffer) => {
    if (sizeBytes > maxBytes) return
    sizeBytes += chunk.length
    if (sizeBytes > maxBytes) onTooMuch()
    else chunks.push(chunk)
  })
  return () => new Uint8Array(Buffer.concat(chunks))
}
