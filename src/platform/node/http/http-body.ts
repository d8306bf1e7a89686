import { Readable, type Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createBrotliDecompress, createGunzip, createInflate, createInflateRaw, createZstdDecompress } from 'node:zlib'
import { sanitize } from '../../../domain/text/sanitize.ts'
import { BagboyError } from '../../../errors/bagboy-error.ts'
import { collectUpTo } from '../programs/collect-up-to.ts'

const DECODERS: ReadonlyMap<string, (first: Buffer) => Transform> = new Map<string, (first: Buffer) => Transform>([
  ['gzip', () => createGunzip()],
  ['x-gzip', () => createGunzip()],
  // RFC 9110 means zlib's format; servers that send the bare stream are older than the rule, and every client takes it.
  ['deflate', (first: Buffer) => (hasZlibHeader(first) ? createInflate() : createInflateRaw())],
  ['br', () => createBrotliDecompress()],
  ['zstd', () => createZstdDecompress()],
])
/** Each layer is a decoder of its own; nothing honest has more. */
const MAX_LAYERS = 4

export interface BodyWish {
  /** Of the decoded body. */
  readonly maxBytes: number
  readonly isBodyCut: boolean
  readonly takesAnyCoding: boolean
  readonly signal: AbortSignal
}

/**
 * The decoded body. Counts what comes out of the decoder, so that a small answer cannot become a large one.
 * @throws REGISTRY_BROKEN beyond `maxBytes`, or for a coding that is unknown, unless the wish says otherwise.
 */
export async function readHttpBody(
  body: Readable,
  headers: Readonly<Record<string, string>>,
  wish: BodyWish,
): Promise<Uint8Array> {
  const codings = codingsOf(headers['content-encoding'] ?? '')
  const isKnown = codings.length <= MAX_LAYERS && codings.every((coding) => DECODERS.has(coding))
  if (codings.length === 0 || (!isKnown && wish.takesAnyCoding)) return await collect(body, [], wish)
  if (!isKnown) {
    body.on('error', () => undefined).destroy()
    const coding = sanitize(codings.join(', '), 40)
    throw new BagboyError('REGISTRY_BROKEN', `the answer is encoded as ${coding}, which was not asked for`)
  }
  return await decode(body, codings, wish)
}

/** In the order in which they were applied. */
function codingsOf(header: string): readonly string[] {
  return header
    .split(',')
    .map((coding) => coding.trim().toLowerCase())
    .filter((coding) => coding !== '' && coding !== 'identity')
}

async function decode(body: Readable, codings: readonly string[], wish: BodyWish): Promise<Uint8Array> {
  // An answer without a body (HEAD, 204, 304) may carry the header all the same, and no decoder accepts nothing.
  const source = body[Symbol.asyncIterator]()
  const first = await source.next()
  if (first.done) return new Uint8Array()
  const rest = Readable.from(
    (async function* () {
      yield first.value as Buffer
      yield* { [Symbol.asyncIterator]: () => source }
    })(),
  )
  const decoders = codings.toReversed().map((coding) => DECODERS.get(coding)?.(first.value as Buffer))
  return await collect(
    rest,
    decoders.filter((decoder) => decoder !== undefined),
    wish,
  )
}

async function collect(source: Readable, decoders: readonly Transform[], wish: BodyWish): Promise<Uint8Array> {
  const { maxBytes, isBodyCut, signal } = wish
  const take = (chunks: AsyncIterable<Buffer>): Promise<Uint8Array> =>
    isBodyCut ? startOf(chunks, maxBytes) : collectUpTo(chunks, maxBytes)
  // Typed for a fixed number of streams only; how many decoders there are is known from the answer.
  const run = pipeline as unknown as (...streams: readonly unknown[]) => Promise<Uint8Array>
  return await run(source, ...decoders, take, { signal })
}

/** As much as is needed; leaving the loop ends the request. */
async function startOf(chunks: AsyncIterable<Buffer>, maxBytes: number): Promise<Uint8Array> {
  const parts: Buffer[] = []
  let size = 0
  for await (const chunk of chunks) {
    parts.push(chunk)
    size += chunk.length
    if (size >= maxBytes) break
  }
  return Buffer.concat(parts).subarray(0, maxBytes)
}

/** RFC 1950: the method is 8, and the first two bytes are a multiple of 31. */
function hasZlibHeader(bytes: Buffer): boolean {
  const [method = 0, flags = 0] = bytes
  return (method & 0x0f) === 8 && ((method << 8) | flags) % 31 === 0
}
