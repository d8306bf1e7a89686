import { BagboyError } from '../../errors/bagboy-error.ts'
import { parseDuration } from '../../domain/text/duration.ts'
import { sanitize } from '../../domain/text/sanitize.ts'

/** What was given on the command line, by the long name of the flag in camelCase. */
export interface OptionValues {
  /** Empty when it was not given. */
  text(name: string): string
  isSet(name: string): boolean
  /** Repeated and comma-separated values, in order. */
  list(name: string): readonly string[]
  /** A whole number ≥ 0. @throws USAGE */
  count(name: string): number | undefined
  /** Milliseconds of `30s` or `10m`. @throws USAGE */
  duration(name: string, flag: string): number | undefined
}

/** An empty value of these options means none. */
const MAY_BE_EMPTY: ReadonlySet<string> = new Set(['reason', 'notes', 'incident'])

/** @throws USAGE for an empty value, which a variable that is not set leaves behind: `--version "$TAG"` */
export function createOptionValues(values: Readonly<Record<string, unknown>>): OptionValues {
  const empty = Object.keys(values).find((name) => values[name] === '' && !MAY_BE_EMPTY.has(name))
  if (empty !== undefined) {
    const flag = `--${empty.replace(/[A-Z]/gu, (letter) => `-${letter.toLowerCase()}`)}`
    throw new BagboyError('USAGE', `${flag} has an empty value.`, {
      hint: 'Give a value, or omit the option. Is the variable set that it comes from?',
    })
  }
  const text = (name: string) => (typeof values[name] === 'string' ? values[name] : '')
  return {
    text,
    isSet: (name) => values[name] !== undefined && values[name] !== false,
    list: (name) => splitList(values[name]),
    duration: (name, flag) => (text(name) === '' ? undefined : parseMs(flag, text(name))),
    count: (name) => (text(name) === '' ? undefined : parseCount(name, text(name))),
  }
}

function splitList(value: unknown): readonly string[] {
  const parts: readonly unknown[] = Array.isArray(value) ? value : [value]
  return parts
    .filter((part) => typeof part === 'string')
    .flatMap((part) => part.split(','))
    .map((part) => part.trim())
    .filter((part) => part !== '')
}

function parseCount(name: string, text: string): number {
  if (/^\d{1,9}$/u.test(text)) return Number(text)
  throw new BagboyError('USAGE', `--${name} takes a whole number, not "${sanitize(text, 80)}".`)
}

function parseMs(flag: string, text: string): number {
  const ms = parseDuration(text)
  if (ms !== undefined) return ms
  throw new BagboyError('USAGE', `${flag} takes a duration such as 30s or 10m, not "${sanitize(text, 80)}".`)
}
