import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import { untrusted } from '../../domain/display.ts'
import { BagboyError } from '../../errors/bagboy-error.ts'
import { collectUpTo } from './collect-up-to.ts'

const DECODERS = { gzip: createGunzip, 'x-gzip': createGunzip, deflate: createInflate, br: createBrotliDecompress }

/**
 * The decoded body. Counts what comes out of the decoder, so that a small answer cannot become a large one.
 * @throws REGISTRY_BROKEN beyond `maxBytes`, or for a coding that is unknown.
 */
export async function readHttpBody(
  body: Readable,
  headers: Readonly<Record<string, string>>,
  maxBytes: number,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const coding = (headers['content-encoding'] ?? 'identity').trim().toLowerCase()
  const collect = (source: AsyncIterable<Buffer>): Promise<Uint8Array> => collectUpTo(source, maxBytes)
  if (coding === 'identity' || coding === '') return await pipeline(body, collect, { signal })
  if (!isDecodable(coding)) {
    body.on('error', () => undefined).destroy()
    throw new BagboyError(
      'REGISTRY_BROKEN',
      `the answer is encoded as ${untrusted(coding, 40)}, which nobody asked for`,
    )
  }
  return await decode(body, coding, collect, signal)
}

async function decode(
  body: Readable,
  coding: keyof typeof DECODERS,
  collect: (source: AsyncIterable<Buffer>) => Promise<Uint8Array>,
  signal: AbortSignal,
): Promise<Uint8Array> {
  // An answer without a body (HEAD, 304) may carry the header all the same, and no decoder accepts nothing.
  const source = body[Symbol.asyncIterator]()
  const first = await source.next()
  if (first.done) return new Uint8Array()
  const rest = async function* (): AsyncGenerator<Buffer> {
    yield first.value
    yield* { [Symbol.asyncIterator]: () => source }
  }
  return await pipeline(rest, DECODERS[coding](), collect, { signal })
}

function isDecodable(coding: string): coding is keyof typeof DECODERS {
  return Object.hasOwn(DECODERS, coding)
}
