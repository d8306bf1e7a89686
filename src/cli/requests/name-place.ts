import { COMMANDS } from '../commands/index.ts'

/** Flags that say which project is meant, as they were typed. */
export interface NamedPlace {
  readonly config?: string
  readonly cwd?: string
  readonly env?: string
}

/** What any shell takes for one word and no text format changes. */
const PLAIN = /^[\w./@%+=:,-]+$/u

const FIRST_WORDS = [...new Set(COMMANDS.map(({ name }) => name.split(' ')[0] ?? ''))].filter((word) => word !== 'demo')
const SUGGESTION = new RegExp(`\\bbagboy-tui (?=(?:${FIRST_WORDS.join('|')})\\b)`, 'gu')

/**
 * A command that is proposed is for the project and the environment that this one was for: without its flags it would be
 * about another. What cannot be repeated word for word is left out. Pure.
 */
export function namePlace(text: string, { config, cwd, env }: NamedPlace): string {
  const flags = [
    ['--config', config],
    ['--cwd', cwd],
    ['--env', env],
  ].flatMap(([flag, value]) => (value !== undefined && PLAIN.test(value) ? [`${flag} ${value} `] : []))
  return flags.length === 0 ? text : text.replace(SUGGESTION, `bagboy-tui ${flags.join('')}`)
}
