import type { Json } from './text/json.ts'

/** What names a pinned thing best, in this order; other keys of a pin are only shown where they differ. */
const NAMING_KEYS = ['version', 'digest', 'sha', 'tag', 'tags', 'path'] as const
const HEX = /^(sha\d+:)?([0-9a-f]{40,128})$/u
const INTEGRITY = /^sha\d+-[A-Za-z0-9+/=]{20,}$/u
const SHOWN_DIGITS = 12

/** A hash cut to what people compare by eye; any other text as it is. Pure. */
export function shortHash(text: string): string {
  const hex = HEX.exec(text)
  if (hex) return `${hex[1] ?? ''}${(hex[2] ?? '').slice(0, SHOWN_DIGITS)}`
  return INTEGRITY.test(text) ? text.slice(0, text.indexOf('-') + 1 + SHOWN_DIGITS) : text
}

/** A pin or pointer in one line, for people: `sha256:03eb620428de  latest, stable`. Pure. */
export function pinText(pin: Json | undefined): string {
  const fields = pinFields(pin)
  const naming = NAMING_KEYS.flatMap((key) => fields.filter(([name]) => name === key))
  if (naming.length > 0) return naming.map(([, text]) => text).join('  ')
  const [only] = fields
  if (fields.length === 1) return only?.[1] ?? ''
  return groupByText(fields)
}

/** Every part of a pin as name and text, nested names by their last part; parts without a value are left out. Pure. */
export function pinFields(pin: Json | undefined): readonly (readonly [name: string, text: string])[] {
  return leaves('', pin ?? null)
}

function leaves(name: string, value: Json): readonly (readonly [string, string])[] {
  if (value === null || value === '') return []
  if (typeof value !== 'object') return [[name, shortHash(String(value))]]
  if (Array.isArray(value)) return [[name, value.map((item) => pinText(item)).join(', ')]]
  return Object.entries(value).flatMap(([key, inner]) =>
    leaves(name === 'deprecated' ? `${key} deprecated` : key, inner),
  )
}

/** `latest, stable → sha256:03eb620428de`: names that lead to the same thing stand together. */
function groupByText(fields: readonly (readonly [string, string])[]): string {
  const texts = [...new Set(fields.map(([, text]) => text))]
  const names = (text: string) => fields.flatMap(([name, other]) => (other === text ? [name] : []))
  return texts.map((text) => `${names(text).join(', ')} → ${text}`).join('  ')
}
