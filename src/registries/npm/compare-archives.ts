import { own } from '../../domain/text/own.ts'
import type { NpmMember } from './npm-pin.ts'

/** Strongest first. */
const ALGORITHMS = ['sha512', 'sha384', 'sha256', 'sha1'] as const

type Hashes = Readonly<Record<string, readonly string[]>>

export interface ComparedArchives {
  /** `untold`: there is no kind of hash that both have. */
  readonly state: 'same' | 'other' | 'untold'
  /** The kinds of hashes, as `sha512 and sha1`; empty for none. */
  readonly recorded: string
  readonly given: string
}

/**
 * Holds a recorded archive against what a registry gives now, by the strongest hash that both have: hashes of different
 * kinds say nothing of each other. What was recorded without a hash is not compared. Pure.
 */
export function compareArchives(recorded: NpmMember, given: NpmMember | undefined): ComparedArchives {
  const [before, now] = [hashesIn(recorded), given ? hashesIn(given) : {}]
  const names = { recorded: Object.keys(before).join(' and '), given: Object.keys(now).join(' and ') }
  if (names.recorded === '') return { state: 'same', ...names }
  const shared = [...ALGORITHMS, ...Object.keys(before)].find(
    (each) => Object.hasOwn(before, each) && Object.hasOwn(now, each),
  )
  if (shared === undefined) return { state: 'untold', ...names }
  const isSame = own(before, shared)?.some((hash) => own(now, shared)?.includes(hash) === true)
  return { state: isSame === true ? 'same' : 'other', ...names }
}

/** Per algorithm; all in hexadecimal, as registries write the same hash in both ways. Text of no known form is a kind of its own. */
function hashesIn({ integrity, shasum }: NpmMember): Hashes {
  const words = [...(integrity ?? '').split(/\s+/u), shasum === undefined ? '' : `sha1:${shasum}`]
  const hashes: Record<string, readonly string[]> = {}
  for (const word of words) {
    const [, algorithm = 'unknown', kind = '', value = word] = /^(sha\d+)([-:])([^?]+)/u.exec(word) ?? []
    if (word === '') continue
    const hash = kind === '-' ? Buffer.from(value, 'base64').toString('hex') : value.toLowerCase()
    hashes[algorithm] = [...(hashes[algorithm] ?? []), kind === '' ? word : hash]
  }
  return hashes
}
