import { sanitize } from '../domain/text/sanitize.ts'
import { BagboyError } from '../errors/bagboy-error.ts'

/** The names in a run's folder. Parts are numbered by takeover; the first has the plain name. */
export const PLAN = 'plan.json'

const LAST_PART = 99_999_999
const PART = /^(?:(?<part>[1-9]\d{0,8})\.)?journal\.jsonl$/u
const PLAN_SIGNATURE = /^plan-(?<key>[0-9a-f]{16})-[0-9a-f]{16}\.sig$/u
const END = /^(?<part>[1-9]\d{0,8})\.closed$/u

export function partName(part: number): string {
  return part === 1 ? 'journal.jsonl' : `${part}.journal.jsonl`
}

/** Written by the owner of a later part before the folder is moved: an earlier owner could have moved it too. */
export function endName(part: number): string {
  return `${part}.closed`
}

/** The signature of a plan. Named after key and plan, so that one that a crash has left can only be written again. */
export function planSignatureName(key: string, planHash: string): string {
  return `plan-${key}-${planHash.slice(0, 16)}.sig`
}

/** The keys of all signatures of a plan with this hash. */
export function planSigners(names: readonly string[], planHash: string): readonly string[] {
  return names.flatMap((name) => {
    const key = PLAN_SIGNATURE.exec(name)?.groups?.['key']
    return key !== undefined && name === planSignatureName(key, planHash) ? [key] : []
  })
}

/** In the order in which the run was taken over. */
export function partsIn(names: readonly string[]): readonly number[] {
  const parts = names.flatMap((name) => {
    const match = PART.exec(name)
    return match ? [Number(match.groups?.['part'] ?? 1)] : []
  })
  return parts.sort((a, b) => a - b)
}

/** @throws JOURNAL_CORRUPT behind a part that no takeover makes: what follows it would have a name that is not read */
export function nextPart(folder: string, parts: readonly number[]): number {
  const newest = parts.at(-1) ?? 1
  if (newest < LAST_PART) return newest + 1
  throw new BagboyError('JOURNAL_CORRUPT', `${sanitize(folder)} holds part ${newest}, which no takeover makes`, {
    hint: `Move ${partName(newest)} out of the folder, then try again.`,
  })
}

/** A folder under `closed/` that the newest owner did not put there holds an unfinished run. */
export function isFinished(names: readonly string[]): boolean {
  const ends = names.map((name) => Number(END.exec(name)?.groups?.['part'] ?? 1))
  return Math.max(1, ...partsIn(names)) <= Math.max(1, ...ends)
}
