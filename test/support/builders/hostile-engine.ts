import type { Engine } from '../../../src/engine/engine.ts'
import { BagboyError } from '../../../src/errors/bagboy-error.ts'

/** Code decides by a word of ours, never by a foreign text. */
const WORDS: ReadonlySet<string> = new Set(
  'kind type status state severity code phase direction result signal mode format from to version id run runId step planHash next found intended undoneBy overrides verdict provider probe slot comparison access'.split(
    ' ',
  ),
)
const TIME = /^\d{4}-\d\d-\d\dT/u
/** In names of packages, registries, files and steps alike, so that they stay the same name everywhere. */
const NAME = 'myapp'

/** Every text of a value with `evil` in it, but for the words that code decides by. Keys of tables, too. */
function poisoned(value: unknown, evil: string, key: string): unknown {
  if (typeof value === 'string') return poisonText(value, evil, key)
  if (value instanceof BagboyError) return new BagboyError(value.code, `${value.message}${evil}`, { hint: evil })
  if (value instanceof Error) return new Error(`${value.message}${evil}`)
  if (value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) return value.map((one) => poisoned(one, evil, key))
  if (Object.getPrototypeOf(value) !== Object.prototype) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name.replaceAll(NAME, `my${evil}app`), poisoned(one, evil, name)]),
  )
}

function poisonText(text: string, evil: string, key: string): string {
  const renamed = text.replaceAll(NAME, `my${evil}app`)
  if (renamed !== text || WORDS.has(key) || TIME.test(text)) return renamed
  return `${text}${evil}`
}

interface Handle extends AsyncIterable<unknown> {
  readonly result?: Promise<unknown>
}

const isHandle = (value: unknown): value is Handle =>
  typeof value === 'object' && value !== null && Symbol.asyncIterator in value

/** The same engine, with `evil` in every text it answers with, in every event and in every error. */
export function hostileEngine<T extends Engine>(engine: T, evil: string): T {
  const fail = (error: unknown): never => {
    throw poisoned(error, evil, '')
  }
  const wrap = (value: unknown): unknown => {
    if (value instanceof Promise) return value.then((one: unknown) => poisoned(one, evil, ''), fail)
    if (!isHandle(value)) return value
    const { result } = value
    const settled = result?.then((one) => poisoned(one, evil, ''), fail)
    settled?.catch(() => undefined)
    return {
      ...value,
      ...(settled ? { result: settled } : {}),
      async *[Symbol.asyncIterator]() {
        for await (const event of value) yield poisoned(event, evil, '')
      },
    }
  }
  return new Proxy(engine, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name)
      if (typeof member !== 'function') return member
      return (...args: readonly unknown[]) => wrap(Reflect.apply(member as (...all: never[]) => unknown, target, args))
    },
  })
}
