import { own } from './own.ts'
/** What the texts of checks and queries may leave open; filled in for the copy of the application that is asked. */
export const PLACEHOLDERS = [
  'app',
  'environment',
  'version',
  'target_version',
  'target_host',
  'slot',
  'stable_color',
] as const
export type Placeholder = (typeof PLACEHOLDERS)[number]
export type PlaceholderValues = Readonly<Partial<Record<Placeholder, string>>>

/** `${name}`; `${env:NAME}` and the like are references to secrets and no placeholders. */
const PLACEHOLDER = /\$\{([A-Za-z_]\w*)\}/gu

/** Names in a text that are no placeholders we know. Pure. */
export function unknownPlaceholders(text: string): readonly string[] {
  const known: ReadonlySet<string> = new Set(PLACEHOLDERS)
  return [...text.matchAll(PLACEHOLDER)].map(([, name = '']) => name).filter((name) => !known.has(name))
}

export function usesPlaceholder(text: string, ...names: readonly Placeholder[]): boolean {
  const used = new Set([...text.matchAll(PLACEHOLDER)].map(([, name = '']) => name))
  return names.some((name) => used.has(name))
}

/** References to secrets: a value that is filled in never makes one, by itself or together with what stands around it. */
const REFERENCE = /\$\{(?:env|file):[^{}]+\}/gu

/**
 * The text with its placeholders filled in; `missing` names those that have no value now, or one that would turn the text
 * into a reference to a secret: the text then stays as it is. Pure.
 */
export function fillPlaceholders(
  text: string,
  values: PlaceholderValues,
): { readonly text: string; readonly missing: readonly string[] } {
  const missing: string[] = []
  const filled = text.replace(PLACEHOLDER, (whole, name: Placeholder) => {
    const value = own<string | undefined>(values, name)
    if (value === undefined) missing.push(name)
    return value ?? whole
  })
  const isSame = String(filled.match(REFERENCE)) === String(text.match(REFERENCE))
  if (isSame) return { text: filled, missing }
  return { text, missing: [...text.matchAll(PLACEHOLDER)].map(([, name = '']) => name) }
}
