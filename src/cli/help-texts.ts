import { buildProgram } from './build-program.ts'
import { COMMANDS } from './commands/index.ts'

/** Columns of help that is not written for a terminal of known width. */
export const HELP_COLUMNS = 100

/** The help of the program, of every group and of every command, as it is printed; the key is `versions list`. */
export function helpTexts(program: string, version: string): Readonly<Record<string, string>> {
  const names = COMMANDS.map(({ name }) => name)
  const groups = names.map((name) => name.split(' ')[0] ?? '').filter((first) => !names.includes(first))
  return Object.fromEntries(['', ...groups, ...names].map((name) => [name, helpOf(name, program, version)]))
}

function helpOf(name: string, program: string, version: string): string {
  let text = ''
  const write = (part: string) => {
    text += part
  }
  let command = buildProgram({ program, version, columns: HELP_COLUMNS, write, onCommand: () => undefined })
  for (const word of name.split(' ').filter(Boolean)) {
    command = command.commands.find((candidate) => candidate.name() === word) ?? command
  }
  command.outputHelp()
  return text
}
