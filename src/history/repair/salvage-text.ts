import { BagboyError } from '../../errors/bagboy-error.ts'
import { checkDeployment, checkHold } from '../history-schema.ts'
import { parseHistory, type ParsedHistory } from '../read/parse-history.ts'
import { readItem, readSection } from '../read/read-piece.ts'
import { scanHistory, type Piece } from '../read/scan-history.ts'

export interface Salvaged {
  readonly parsed: ParsedHistory
  /** In words. */
  readonly source: string
  /** What had to be left out, with its line. */
  readonly lost: readonly string[]
}

const MARKER = /^(?:<{7}|\|{7}|={7}|>{7})(?: [^\n]*)?\r?\n?/gmu

/** What can still be read of a file that cannot be read as a whole: entry by entry. `undefined`: nothing. Pure. */
export function salvageText(label: string, text: string): Salvaged | undefined {
  const plain = text.replace(MARKER, '')
  const document = scanHistory(plain)
  if (!document) return undefined
  const lost: string[] = []
  let line = 1
  const kept = document.pieces.filter((piece) => {
    const problem = problemOf(piece)
    if (problem !== undefined) lost.push(`${label}:${line}: ${problem}`)
    line += piece.text.split('\n').length - 1
    return problem === undefined
  })
  const rest = kept.map((piece) => piece.text).join('')
  try {
    return { parsed: parseHistory(label, rest), source: 'what is left of the file', lost }
  } catch (error) {
    if (error instanceof BagboyError && error.code !== 'BUG') return undefined
    throw error
  }
}

function problemOf({ kind, key, text }: Piece): string | undefined {
  if (kind === 'section') {
    const read = readSection(text)
    return 'problem' in read ? `${key}: ${read.problem.wrong}` : undefined
  }
  if (kind !== 'item') return undefined
  const read = readItem(text)
  if ('problem' in read) return `an entry of ${key}: ${read.problem.wrong}`
  const { success } = key === 'held' ? checkHold(read.data) : checkDeployment(read.data)
  return success ? undefined : `an entry of ${key} says something that is not allowed`
}
