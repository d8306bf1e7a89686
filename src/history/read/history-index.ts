import { crc32 } from 'node:zlib'
import type { Deployment, FileHistory, PackageRecord } from '../../domain/deployment.ts'
import { BagboyError } from '../../errors/bagboy-error.ts'
import { checkDeployment } from '../history-schema.ts'
import type { ParsedHistory } from './parse-history.ts'
import { readItem } from './read-piece.ts'
import { toEntry } from './to-history.ts'

/** Raised with every change of what stands in an index. */
const VERSION = 1

type Summary = Omit<Deployment, 'packages'>

/** What lists need of every entry, and where in the file the rest of it stands. */
interface IndexBody {
  readonly schema: number
  readonly held: FileHistory['held']
  /** First byte, byte count, entry; in the order of the file. */
  readonly entries: readonly (readonly [number, number, Summary])[]
}

/**
 * The index of one state of the file, which its first line names; a disposable file, good for showing only. Pure.
 * `undefined` for a history that cannot be cut into entries.
 */
export function formatIndex({ document, history }: ParsedHistory, hash: string): string | undefined {
  if (!document) return undefined
  const entries: [number, number, Summary][] = []
  let offset = 0
  for (const { kind, key, text } of document.pieces) {
    const size = Buffer.byteLength(text)
    const deployment = kind === 'item' && key === 'deployments' ? history.deployments[entries.length] : undefined
    if (deployment) {
      const { packages: _, ...summary } = deployment
      entries.push([offset, size, summary])
    }
    offset += size
  }
  const body = JSON.stringify({ schema: history.schema, held: history.held, entries } satisfies IndexBody)
  return `${JSON.stringify({ v: VERSION, hash, crc: crc32(body) })}\n${body}`
}

/** `undefined` when it is of another state, of another version of this program, or damaged. */
export function parseIndex(index: Uint8Array, file: Uint8Array, hash: string): FileHistory | undefined {
  const text = Buffer.from(index.buffer, index.byteOffset, index.byteLength).toString('utf8')
  const end = text.indexOf('\n')
  const body = text.slice(end + 1)
  if (text.slice(0, end) !== JSON.stringify({ v: VERSION, hash, crc: crc32(body) })) return undefined
  const { schema, held, entries } = JSON.parse(body) as IndexBody
  const deployments = entries.map(([start, size, summary]) =>
    withPackages(summary, () => readPackages(file.subarray(start, start + size))),
  )
  return { schema, deployments, held }
}

/** The packages are read on access: most entries of a long history are never read. */
function withPackages(summary: Summary, read: () => readonly PackageRecord[]): Deployment {
  let packages: readonly PackageRecord[] | undefined
  return {
    ...summary,
    get packages() {
      return (packages ??= read())
    },
  }
}

function readPackages(piece: Uint8Array): readonly PackageRecord[] {
  const read = readItem(Buffer.from(piece).toString('utf8'))
  const checked = 'data' in read ? checkDeployment(read.data) : undefined
  if (checked?.success === true) return toEntry(checked.data).deployment.packages
  throw new BagboyError('BUG', 'an entry of the history is not where its index says', {
    hint: 'Delete the cache folder of bagboy-tui; it is made again.',
  })
}
