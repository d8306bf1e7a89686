import { createHash } from 'node:crypto'

/** The scope of a lock: operations of one application in one environment exclude each other, and nothing else. */
export interface LockSubject {
  readonly app: string
  readonly environment: string
}

const LONGEST = 80

/** As two parts of a path or of the name of a git ref, different for different subjects. Pure. */
export function lockName({ app, environment }: LockSubject): string {
  return `${partOf(app)}/${partOf(environment)}`
}

/** Letters, digits, `-` and `_` stand for themselves; every other byte as `%2E`. */
function partOf(text: string): string {
  const safe = [...Buffer.from(text, 'utf8')]
    .map((byte) => String.fromCharCode(byte))
    .map((char) => (/[\w-]/u.test(char) ? char : `%${hex(char)}`))
    .join('')
  if (safe.length <= LONGEST) return safe === '' ? '%' : safe
  return `${safe.slice(0, LONGEST)}%${createHash('sha256').update(text).digest('hex').slice(0, 16)}`
}

function hex(char: string): string {
  return char.charCodeAt(0).toString(16).padStart(2, '0').toUpperCase()
}
