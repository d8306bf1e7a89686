import { createHash } from 'node:crypto'

/** One thing that is done only in a folder that is trusted, as people read it. Foreign text: a view makes it safe. */
export interface TrustPart {
  /** `program`: it is run; `secret`: it is read and sent; `login`: one of the user's own is used; `request`: it may change something. */
  readonly kind: 'program' | 'secret' | 'login' | 'request'
  /** The command, the reference to a secret, the kind of login, the request. */
  readonly what: string
  /** What it is for, or the host it goes to. */
  readonly where: string
  /** Of a value that is not shown. */
  readonly digest?: string
  /** Of a login whose driver can tell whether there is one. Not part of what is compared. */
  readonly format?: string
  /** Of a repository on this disk outside of the project: git runs its hooks, if it has any. Not part of what is compared. */
  readonly repository?: string
}

/** In an order of their own, each once. Pure. */
export function sortParts(parts: readonly TrustPart[]): readonly TrustPart[] {
  const byLine = new Map(parts.map((part) => [lineOf(part), part]))
  return [...byLine.entries()].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, part]) => part)
}

/** The same for the same parts, regardless of their order; different as soon as one byte of one of them is. Pure. */
export function hashParts(parts: readonly TrustPart[]): string {
  const lines = sortParts(parts).map(lineOf)
  return createHash('sha256').update(JSON.stringify(lines)).digest('hex')
}

/** One text that stands for all of a part; parts with the same line are the same. Pure. */
export function lineOf({ kind, what, where, digest = '' }: TrustPart): string {
  return JSON.stringify([kind, what, where, digest])
}

export function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}
