import { canonicalJson, type Json } from '../../../src/domain/text/json.ts'
import { BagboyError } from '../../../src/errors/bagboy-error.ts'
import { parseCanonical } from '../../../src/history/edit/canonical-yaml.ts'
import { readHistory } from '../../../src/history/read/read-history.ts'
import { readHand } from '../../../src/history/read/read-piece.ts'
import { canonicalHistory, FULL_HISTORY, SEED_HISTORY } from './history-texts.ts'
import { mutate, seededRandom } from './mutate-text.ts'

const BASES = [
  SEED_HISTORY,
  canonicalHistory(1, 1),
  SEED_HISTORY.replaceAll('\n', '\r\n'),
  SEED_HISTORY.replace(/^ {2}/gmu, ''),
  FULL_HISTORY.replace(/ {4}incident[^]*?(?= {4}packages)/u, '    notes: |\n      some\n      text\n').replace(
    / {6}- format: "docker"[^]*?(?= {6}- format: "pypi")/u,
    '',
  ),
]

/** What two ways of reading one text made of it. */
export interface Comparison {
  /** Taken by the fast parser; cut into pieces; refused with a place and a reason. */
  readonly isFast: boolean
  readonly isCut: boolean
  readonly isRefused: boolean
  /** They disagree, or the refusal names no place. */
  readonly isWrong: boolean
}

/** The fast parser and reading piece by piece against the full parser, for the mutated file with this number. */
export function compareParsers(seed: number): Comparison {
  const text = mutate(BASES[seed % BASES.length] ?? '', seededRandom(seed))
  const [fast, cut, full] = [parseCanonical(text), readCut(text), readHand(text)]
  const isFastWrong =
    fast !== undefined && (full.problem !== undefined || canonicalJson(fast) !== canonicalJson(full.data))
  return {
    isFast: fast !== undefined,
    isCut: cut.kind === 'read',
    isRefused: cut.kind === 'refused',
    isWrong: isFastWrong || isCutWrong(cut, full),
  }
}

function isCutWrong(cut: Cut, full: ReturnType<typeof readHand>): boolean {
  switch (cut.kind) {
    case 'read':
      return cut.data !== wholeOf(full)
    case 'refused':
      return !cut.isPlaced
    case 'whole':
      return false
  }
}

type Cut =
  | { readonly kind: 'read'; readonly data: string }
  | { readonly kind: 'refused'; readonly isPlaced: boolean }
  | { readonly kind: 'whole' }

/** What piece by piece reading gives. */
function readCut(text: string): Cut {
  try {
    const { document, head, entries, held } = readHistory('history.yml', text)
    if (!document) return { kind: 'whole' }
    return { kind: 'read', data: canonicalJson({ ...head, deployments: entries.map(({ data }) => data), held }) }
  } catch (error) {
    if (!(error instanceof BagboyError)) throw error
    return { kind: 'refused', isPlaced: /history\.yml:\d+:\d+: .+; .+/u.test(error.message) }
  }
}

function wholeOf(full: ReturnType<typeof readHand>): string | undefined {
  if (full.problem) return undefined
  const data = (full.data ?? {}) as { readonly [key: string]: Json }
  return canonicalJson({ ...data, deployments: data['deployments'] ?? [], held: data['held'] ?? [] })
}
