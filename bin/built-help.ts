import { readFileSync } from 'node:fs'

/** The help the build wrote beside the bundle, for `versions list --help`; `undefined` when it has none. */
export function builtHelp(argv: readonly string[]): string | undefined {
  if (argv.at(-1) !== '--help' || !import.meta.url.endsWith('.js')) return undefined
  const texts: Readonly<Record<string, unknown>> = JSON.parse(
    readFileSync(new URL('../help.json', import.meta.url), 'utf8'),
  )
  const text = texts[argv.slice(0, -1).join(' ')]
  return typeof text === 'string' ? text : undefined
}
