import { BagboyError } from '../errors/bagboy-error.ts'
import { EXIT } from '../errors/codes.ts'
import type { ParsedCommand } from './build-program.ts'
import type { CliPorts } from './ports.ts'
import { canOpenScreen } from './can-open-screen.ts'

export type ParsedArguments =
  | ({ readonly kind: 'command' } & ParsedCommand)
  /** Only global flags. The help is for where no screen can be opened. */
  | { readonly kind: 'nothing'; readonly options: Readonly<Record<string, unknown>>; readonly help: string }
  /** Help or version. */
  | { readonly kind: 'text'; readonly text: string; readonly exitCode: number }

/** Understands the command line before anything is opened. Loads commander. @throws USAGE */
export async function parseArguments(
  ports: Pick<CliPorts, 'argv' | 'program' | 'version' | 'stdin' | 'stdout'>,
): Promise<ParsedArguments> {
  // Opening the app without arguments needs no parser, so it starts faster.
  if (ports.argv.length === 0 && canOpenScreen(ports)) return { kind: 'nothing', options: { color: true }, help: '' }
  const [{ CommanderError }, { buildProgram }] = await Promise.all([import('commander'), import('./build-program.ts')])
  let parsed: ParsedCommand | undefined
  let text = ''
  const program = buildProgram({
    program: ports.program,
    version: ports.version,
    columns: Math.min(ports.stdout.columns, 110),
    write: (part) => (text += part),
    onCommand: (command) => (parsed = command),
  })
  try {
    program.parse([...ports.argv], { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    if (error.exitCode === 0) return { kind: 'text', text, exitCode: EXIT.ok }
    if (error.code !== 'commander.help') throw usageError(error)
    const [group] = program.args
    const command = program.commands.find((candidate) => candidate.name() === group)
    if (command) return { kind: 'text', text: command.helpInformation(), exitCode: EXIT.usage }
    return { kind: 'nothing', options: program.opts(), help: program.helpInformation() }
  }
  if (parsed) return { kind: 'command', ...parsed }
  return { kind: 'nothing', options: program.opts(), help: program.helpInformation() }
}

/** Commander's text holds the message and, after a line break, the nearest name. */
function usageError(error: Error): BagboyError {
  const [message = '', ...hints] = error.message.replace(/^error: /u, '').split('\n')
  const hint = hints.join(' ').replace(/^\(|\)$/gu, '')
  const sentence = `${message.charAt(0).toUpperCase()}${message.slice(1).replace(/\.$/u, '')}.`
  return new BagboyError('USAGE', sentence, {
    hint: hint === '' ? 'All commands and flags: --help' : hint,
    cause: error,
  })
}
