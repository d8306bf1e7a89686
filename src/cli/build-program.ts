import { Command, Option } from 'commander'
import type { CommandSpec, OptionSpec } from './command.ts'
import { COMMANDS } from './commands/index.ts'

/** A command line as commander understood it. */
export interface ParsedCommand {
  readonly spec: CommandSpec
  readonly args: readonly string[]
  readonly options: Readonly<Record<string, unknown>>
}

interface ProgramParts {
  readonly program: string
  readonly version: string
  readonly columns: number
  /** Receives help and version; errors are thrown. */
  readonly write: (text: string) => void
  readonly onCommand: (parsed: ParsedCommand) => void
}

const GLOBAL_HEADING = 'Everywhere:'

/** Messages name documents as `docs/…`; someone who installed the package has to be told where that is. */
const DOCUMENTS = `
Documents:
  Messages name documents as docs/... They are in the folder of the installed package,
  which "npm root --global" leads to: bagboy-tui/docs.`

export const GLOBAL_OPTIONS: readonly OptionSpec[] = [
  { flags: '--config <file>', summary: 'instead of the bagboy.yaml that is found' },
  { flags: '--cwd <folder>', summary: 'look for it from here' },
  { flags: '--env <name>', summary: 'the environment, instead of deployment.environment' },
  { flags: '--no-color', summary: 'no colours; NO_COLOR does the same' },
  { flags: '--debug', summary: 'with the stack of an error' },
]

/** The whole command line as commander commands, made from the list of specs. */
export function buildProgram(parts: ProgramParts): Command {
  const program = prepare(new Command(parts.program), parts)
    .description('Take a bad release back everywhere. Without a command: the full-screen app.')
    .version(parts.version, '--version', 'print the version')
    .helpCommand('help [command]', 'help for a command')
    .enablePositionalOptions()
  const groups = new Map<string, Command>()
  for (const spec of COMMANDS) {
    const [first = '', second] = spec.name.split(' ')
    const parent = second === undefined ? program : group(program, groups, first, parts)
    const command = buildCommand(spec, second ?? first, parts)
    parent.addCommand(command)
    // A command that has others below it, as `trust` and `trust list`.
    if (second === undefined) groups.set(first, command.helpCommand(false))
    if (spec.alias !== undefined) parent.addCommand(buildCommand(spec, spec.alias, parts), { hidden: true })
  }
  return addGlobals(program)
    .addHelpText('after', examples(parts.program, ['', 'rollback --dry-run', 'versions list', 'demo']))
    .addHelpText('after', DOCUMENTS)
}

/** `The configuration: check`. */
function groupSummary(name: string): string {
  const members = COMMANDS.filter((spec) => spec.name.startsWith(`${name} `))
  const title = members.find(({ group: named }) => named !== undefined)?.group ?? ''
  return `${title}: ${members.map((spec) => spec.name.slice(name.length + 1)).join(', ')}`
}

function group(program: Command, groups: Map<string, Command>, name: string, parts: ProgramParts): Command {
  const known = groups.get(name)
  if (known) return known
  const made = addGlobals(prepare(new Command(name), parts))
    .description(groupSummary(name))
    .helpCommand(false)
  groups.set(name, made)
  program.addCommand(made)
  return made
}

function buildCommand(spec: CommandSpec, name: string, parts: ProgramParts): Command {
  const command = prepare(new Command(name), parts).description(spec.summary)
  for (const [argument, summary] of spec.args) command.argument(argument, summary)
  for (const option of spec.options) command.addOption(buildOption(option))
  return addGlobals(command)
    .addHelpText('after', examples(parts.program, spec.examples))
    .action(() => parts.onCommand({ spec, args: command.args, options: collectOptions(command) }))
}

function prepare(command: Command, { columns, write }: ProgramParts): Command {
  return command
    .allowExcessArguments(false)
    .configureHelp({ subcommandTerm })
    .exitOverride()
    .configureOutput({ writeOut: write, writeErr: () => undefined, getOutHelpWidth: () => columns })
}

/** Taken before and after the words of a command, so every one has them. */
function addGlobals(command: Command): Command {
  for (const option of GLOBAL_OPTIONS) command.addOption(buildOption(option).helpGroup(GLOBAL_HEADING))
  return command.addHelpOption(new Option('-h, --help', 'this help').helpGroup(GLOBAL_HEADING))
}

/** The options of a command and of those it stands under; the innermost wins, but one `--no-color` is enough. */
function collectOptions(command: Command): Readonly<Record<string, unknown>> {
  const own: Readonly<Record<string, unknown>> = command.opts()
  if (!command.parent) return own
  const outer = collectOptions(command.parent)
  return { ...outer, ...own, color: outer['color'] !== false && own['color'] !== false }
}

/** A command's line in the list of its group: that all of them take options goes without saying. */
function subcommandTerm(command: Command): string {
  const args = command.registeredArguments.map((argument) =>
    argument.required ? `<${argument.name()}>` : `[${argument.name()}]`,
  )
  return [command.name(), ...args].join(' ')
}

function buildOption({ flags, summary, choices, repeatable }: OptionSpec): Option {
  const option = new Option(flags, summary)
  if (choices) option.choices(choices)
  if (repeatable) option.argParser((value, earlier: readonly string[] | undefined) => [...(earlier ?? []), value])
  return option
}

function examples(program: string, lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  ${program} ${line}`.trimEnd()).join('\n')}`
}
