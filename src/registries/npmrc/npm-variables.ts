import { own } from '../../domain/text/own.ts'
import type { Platform } from '../../platform/platform.ts'

export interface FilledText {
  readonly text: string
  /** Names of the variables that are not set; their references stay as they are. */
  readonly missing: readonly string[]
}

/** `${NAME}`, `${NAME?}`, and the backslashes before it, an odd number of which keeps it as it is: npm's own expression. */
const REFERENCE = /(?<!\\)(\\*)\$\{([^${}?]+)(\?)?\}/gu

/** Fills in variables as npm does; `${NAME?}` is empty when the variable is not set. Pure. */
export function fillNpmVariables(written: string, env: Platform['env']): FilledText {
  const missing: string[] = []
  const text = written.replace(REFERENCE, (whole, slashes: string, name: string, optional: string | undefined) => {
    if (slashes.length % 2 === 1) return whole.slice((slashes.length + 1) / 2)
    const value = own(env, name)
    if (value === undefined && optional === undefined) missing.push(name)
    const filled = value ?? (optional === undefined ? `\${${name}}` : '')
    return `${slashes.slice(slashes.length / 2)}${filled}`
  })
  return { text, missing }
}

/** The references to variables in a text, as they are written. Pure. */
export function npmReferences(written: string): readonly string[] {
  return [...written.matchAll(REFERENCE)].flatMap(([whole, slashes = '']) =>
    slashes.length % 2 === 1 ? [] : [whole.slice(slashes.length)],
  )
}
