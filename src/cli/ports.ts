import type { Config } from '../config/config.ts'
import type { Engine, RollbackRequest } from '../engine/engine.ts'
import type { Platform } from '../platform/platform.ts'

/** A stream we write to. Must not block. */
export interface TextOutput {
  write(text: string): void
  readonly isTerminal: boolean
  /** Of the terminal; 100 when it is none. */
  readonly columns: number
}

export interface TextInput {
  readonly isTerminal: boolean
  /** One line without its end; `undefined` at the end of the input or when `signal` aborts. */
  readLine(signal: AbortSignal): Promise<string | undefined>
  /** One key without the return key; `undefined` at the end of the input or when `signal` aborts. */
  readKey(signal: AbortSignal): Promise<string | undefined>
}

export type StopSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP'

/** Calls back on every signal until the returned function is called. */
export type SignalSource = (onSignal: (signal: StopSignal) => void) => () => void

/** Calls back instead of stopping the process at ctrl-z, until the returned function is called. */
export type StopRequests = (onStop: () => void) => () => void

/** Where to look for the configuration and what replaces its values, as the flags say. */
export interface ProjectOptions {
  /** Absolute. */
  readonly cwd: string
  readonly configFile?: string
  readonly environment?: string
  readonly lockWaitMs?: number
  /** For one registry. */
  readonly stepTimeoutMs?: number
}

export interface OpenedApp {
  readonly engine: Engine
  readonly config: Config
}

export type OpenApp = (platform: Platform, projectOptions: ProjectOptions) => Promise<OpenedApp>

export interface AppRequest {
  readonly projectOptions: ProjectOptions
  /** Opens on the plan of this rollback instead of the dashboard. */
  readonly rollback: RollbackRequest | null
  /** Runs in a sandbox of its own, which is removed at the end. */
  readonly isDemo: boolean
  /** The scenario of that sandbox; default: a bad release. */
  readonly scenario?: string
  readonly hasColor: boolean
  /** For command lines that are shown. */
  readonly program: CliPorts['program']
}

/** The full-screen app; settles with the exit code when it was left. It owns terminal and signals meanwhile. */
export type LaunchApp = (request: AppRequest) => Promise<number>

/** Everything the command line may do to the world. */
export interface CliPorts {
  /** Without the program and its script. */
  readonly argv: readonly string[]
  readonly program: 'bagboy' | 'bagboy-tui'
  readonly version: string
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** Called once a command is to be run, not for help or a refusal. */
  readonly loadPlatform: () => Promise<Platform>
  readonly stdin: TextInput
  readonly stdout: TextOutput
  readonly stderr: TextOutput
  readonly signals: SignalSource
  readonly stopRequests: StopRequests
  readonly openApp: OpenApp
  readonly launchApp: LaunchApp
}
