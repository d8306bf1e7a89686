import { BagboyError } from '../../../errors/bagboy-error.ts'

/** All bytes of a source. @throws REGISTRY_BROKEN beyond `maxBytes` */
export async function collectUpTo(source: AsyncIterable<Buffer>, maxBytes: number): Promise<Uint8Array> {
  const chunks: Buffer[] = []
  let sizeBytes = 0
  for await (const chunk of source) {
    sizeBytes += chunk.length
    if (sizeBytes > maxBytes) {
      throw new BagboyError('REGISTRY_BROKEN', `the answer is larger than ${maxBytes} bytes`)
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
