import type { Platform } from '../platform/platform.ts'
import type { Interruption } from './questions/interruption.ts'
import type { OptionValues } from './requests/option-values.ts'
import type { Output } from './output.ts'
import type { AppRequest, CliPorts, OpenedApp, ProjectOptions } from './ports.ts'
import { FORMATS } from './format.ts'

export interface OptionSpec {
  /** As the help shows it: `-o, --output <format>`. */
  readonly flags: string
  readonly summary: string
  readonly choices?: readonly string[]
  /** May be given several times. */
  readonly repeatable?: true
}

/** One command as data: parsed, documented, listed and found from this one object. */
export interface CommandSpec {
  /** Words after the program: `versions list`. */
  readonly name: string
  /** What its first word stands for, where that is no command itself; on the first command of a group. */
  readonly group?: string
  /** Another last word for it, in no list of commands. */
  readonly alias?: string
  /** As the help shows them: `[TARGET]` is optional, `<PLAN>` is required. */
  readonly args: readonly (readonly [name: string, summary: string])[]
  readonly summary: string
  readonly options: readonly OptionSpec[]
  /** Command lines without the program's name. */
  readonly examples: readonly string[]
  /** May be called with an `--env` that no deployment was recorded for yet. */
  readonly takesNewEnvironment?: true
  /** Loads the code of the command. Help and refusals do not need it. */
  readonly load: () => Promise<RunCommand>
}

/** Settles with the exit code. */
export type RunCommand = (invocation: Invocation) => Promise<number>

/** One parsed command line and what a command may use. */
export interface Invocation {
  readonly args: readonly string[]
  readonly options: OptionValues
  readonly ports: CliPorts
  readonly platform: Platform
  readonly projectOptions: ProjectOptions
  readonly output: Output
  readonly interruption: Interruption
  /** Reads configuration and history; at most once. @throws CONFIG_* */
  readonly open: () => Promise<OpenedApp>
  /** Hands terminal and signals to the full-screen app. */
  readonly launch: (what: Pick<AppRequest, 'rollback' | 'isDemo' | 'scenario'>) => Promise<number>
}

export const OUTPUT_OPTION: OptionSpec = {
  flags: '-o, --output <format>',
  summary: 'format of the answer; default: table',
  choices: FORMATS,
}

export const ALL_ENVIRONMENTS_OPTION: OptionSpec = {
  flags: '--all-environments',
  summary: 'of every environment that shares the files, not only of this one',
}

export const YES_OPTION: OptionSpec = { flags: '-y, --yes', summary: 'do not ask' }
