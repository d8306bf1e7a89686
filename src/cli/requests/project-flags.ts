import { COMMANDS } from '../commands/index.ts'

/** The flags that name the project, as they were typed. */
export interface ProjectFlags {
  readonly config?: string
  readonly cwd?: string
  readonly env?: string
}

/** One word in every shell, and unchanged in every text format. */
const PLAIN = /^[\w./@%+=:,-]+$/u

const FIRST_WORDS = [...new Set(COMMANDS.map(({ name }) => name.split(' ')[0] ?? ''))].filter((word) => word !== 'demo')
const SUGGESTION = new RegExp(`\\bbagboy-tui (?=(?:${FIRST_WORDS.join('|')})\\b)`, 'gu')

/**
 * Adds the flags of this command line that name project and environment to the commands that a message proposes. A value
 * that would need quotes is omitted. Pure.
 */
export function addProjectFlags(text: string, { config, cwd, env }: ProjectFlags): string {
  const flags = [
    ['--config', config],
    ['--cwd', cwd],
    ['--env', env],
  ].flatMap(([flag, value]) => (value !== undefined && PLAIN.test(value) ? [`${flag} ${value} `] : []))
  return flags.length === 0 ? text : text.replace(SUGGESTION, `bagboy-tui ${flags.join('')}`)
}
