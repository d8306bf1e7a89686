import type { Secrets } from '../platform.ts'

/** Where events, reports and findings keep what programs, registries and applications said. Names, pins and versions stay. */
const TEXT_KEYS = new Set([
  'detail',
  'details',
  'error',
  'evidence',
  'hint',
  'message',
  'output',
  'reason',
  'remedy',
  'report',
  'said',
  'title',
  'why',
])

/** The same value with the texts in it that may repeat a secret masked, at any depth. The value itself when there is none. Pure. */
export function maskTexts<T>(value: T, secrets: Secrets): T {
  return masked(value, secrets, false) as T
}

function masked(value: unknown, secrets: Secrets, isText: boolean): unknown {
  if (typeof value === 'string') return isText ? secrets.maskLong(value) : value
  if (value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) {
    const items = value.map((item) => masked(item, secrets, isText))
    return items.every((item, index) => item === value[index]) ? value : items
  }
  const entries = Object.entries(value).map(([key, inner]) => {
    // A plan is compared by its hash.
    return [key, key === 'plan' ? inner : masked(inner, secrets, isText || TEXT_KEYS.has(key))] as const
  })
  const isSame = entries.every(([key, inner]) => inner === (value as Readonly<Record<string, unknown>>)[key])
  return isSame ? value : Object.fromEntries(entries)
}
