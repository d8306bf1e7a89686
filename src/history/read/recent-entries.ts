import type { Files } from '../../platform/platform.ts'
import type { ParsedHistory } from './parse-history.ts'
import { parseHistory } from './parse-history.ts'
import { scanHistory } from './scan-history.ts'

/** Below it the whole file is read as fast. */
const LONG_BYTES = 1024 * 1024
/** More than enough for a screen of entries of many packages. */
const START_BYTES = 256 * 1024

/** The first entries of a long history; `undefined` where they cannot be told without reading all of it. */
export async function readRecentEntries(
  files: Files,
  { file, label }: { readonly file: string; readonly label: string },
  count: number,
): Promise<ParsedHistory | undefined> {
  const status = await files.stat(file)
  if (status?.kind !== 'file' || status.size < LONG_BYTES) return undefined
  const start = await files.readStart(file, START_BYTES)
  const text = wholeLines(start ?? new Uint8Array())
  const pieces = scanHistory(text)?.pieces ?? []
  const items = pieces.flatMap(({ kind, key }, index) => (kind === 'item' && key === 'deployments' ? [index] : []))
  // The last one may have been cut off.
  const end = items[Math.min(count, items.length - 1)]
  if (end === undefined || end === 0) return undefined
  const known = pieces.slice(0, end).map((piece) => piece.text)
  return parseHistory(label, known.join(''))
}

function wholeLines(bytes: Uint8Array): string {
  const end = bytes.lastIndexOf(0x0a) + 1
  return Buffer.from(bytes.buffer, bytes.byteOffset, end).toString('utf8')
}
