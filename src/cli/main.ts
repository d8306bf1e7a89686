import { resolve } from 'node:path'
import { exitCodeOf, toErrorReport } from '../errors/bagboy-error.ts'
import { EXIT } from '../errors/codes.ts'
import type { Platform } from '../platform/platform.ts'
import { checkEnvironment } from './requests/check-environment.ts'
import { type Invocation } from './command.ts'
import { watchSignals, type Interruption } from './questions/interruption.ts'
import type { ProjectFlags } from './requests/project-flags.ts'
import { maskedPorts } from './masked-ports.ts'
import { createOptionValues, type OptionValues } from './requests/option-values.ts'
import { createOutput, type Output } from './output.ts'
import { parseArguments, type ParsedArguments } from './parse-arguments.ts'
import type { CliPorts, OpenedApp, ProjectOptions } from './ports.ts'
import { renderError } from '../view/error-lines.ts'
import { type Format, FORMATS } from './format.ts'
import { canOpenScreen } from './can-open-screen.ts'

/**
 * Runs one command line and settles with its exit code. Flags are parsed before anything is opened; every error ends
 * here. After a second signal it settles although work may still be in progress: the caller exits at once.
 */
export async function runCli(ports: CliPorts): Promise<number> {
  const plain = createOutput({ ...ports, format: guessFormat(ports.argv), noColor: isPlain(ports, false) })
  let parsed: ParsedArguments
  let options: OptionValues
  try {
    parsed = await parseArguments(ports)
    options = createOptionValues(parsed.kind === 'text' ? {} : parsed.options)
  } catch (error) {
    return reportError(error, plain, ports.argv.includes('--debug'))
  }
  if (parsed.kind === 'text') return printText(parsed.text, parsed.exitCode, ports)
  if (parsed.kind === 'nothing') return openScreen(parsed.help, options, ports)
  return runCommand({ ...parsed, options }, ports)
}

function printText(text: string, exitCode: number, { stdout, stderr }: CliPorts): number {
  const stream = exitCode === EXIT.ok ? stdout : stderr
  stream.write(text)
  return exitCode
}

async function openScreen(help: string, options: OptionValues, ports: CliPorts): Promise<number> {
  if (!canOpenScreen(ports)) return printText(help, EXIT.usage, ports)
  const noColor = isPlain(ports, !options.isSet('color'))
  const output = createOutput({ ...ports, format: 'table', noColor })
  const { program } = ports
  const projectOptions = readProjectOptions(options, ports)
  try {
    await requireKnownEnvironment(ports, projectOptions)
    return await ports.launchApp({ projectOptions, rollback: null, isDemo: false, hasColor: !noColor, program })
  } catch (error) {
    return reportError(error, output, options.isSet('debug'))
  }
}

interface Parsed {
  readonly spec: Extract<ParsedArguments, { kind: 'command' }>['spec']
  readonly args: readonly string[]
  readonly options: OptionValues
}

async function runCommand({ spec, args, options }: Parsed, given: CliPorts): Promise<number> {
  const ports = maskedPorts(given, projectFlags(options))
  const format = FORMATS.find((name) => name === options.text('output')) ?? 'table'
  const noColor = isPlain(ports, !options.isSet('color'))
  const output = createOutput({ ...ports, format, noColor })
  const interruption = watchSignals(ports.signals, ports.stopRequests)
  let opened: Promise<OpenedApp> | undefined
  try {
    const projectOptions = readProjectOptions(options, ports)
    const launch: Invocation['launch'] = async (what) => {
      if (!what.isDemo) await requireKnownEnvironment(ports, projectOptions)
      interruption.stop()
      return ports.launchApp({ ...what, projectOptions, hasColor: !noColor, program: ports.program })
    }
    const [run, platform] = await Promise.all([spec.load(), ports.loadPlatform()])
    const openProject = async () => {
      const opened = await openKnown(ports, platform, projectOptions, spec.takesNewEnvironment === true)
      output.note(...opened.config.inert.map((text) => ({ text, tone: 'dim' }) as const))
      return opened
    }
    // Opening only reads, so a signal does not wait for it.
    const open = () => (opened ??= unlessAborted(openProject(), interruption.signal))
    const invocation = { args, options, ports, platform, projectOptions, output, interruption, open, launch }
    return await Promise.race([run(invocation), interruption.second])
  } catch (error) {
    return reportError(error, output, options.isSet('debug'), interruption)
  } finally {
    interruption.stop()
  }
}

/** @throws the signal's reason, as soon as it is aborted */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  const onAbort = (): void => reject(signal.reason)
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    return await Promise.race([work, aborted])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}

/** Opens the project and checks that the environment of `--env` exists. @throws USAGE, CONFIG_*, HISTORY_* */
async function openKnown(
  { openApp }: CliPorts,
  platform: Platform,
  projectOptions: ProjectOptions,
  takesNew: boolean,
): Promise<OpenedApp> {
  const opened = await openApp(platform, projectOptions)
  if (projectOptions.environment === undefined || takesNew) return opened
  checkEnvironment(opened.config, await opened.engine.fileHistory())
  return opened
}

/** The app opens its project itself, so an `--env` is checked before. */
async function requireKnownEnvironment(ports: CliPorts, projectOptions: ProjectOptions): Promise<void> {
  if (projectOptions.environment !== undefined)
    await openKnown(ports, await ports.loadPlatform(), projectOptions, false)
}

function projectFlags(options: OptionValues): ProjectFlags {
  const named = (['config', 'cwd', 'env'] as const).flatMap((name) =>
    options.isSet(name) ? [[name, options.text(name)] as const] : [],
  )
  return Object.fromEntries(named)
}

/** @throws USAGE */
function readProjectOptions(options: OptionValues, { cwd }: CliPorts): ProjectOptions {
  const lockWaitMs = options.duration('lockWait', '--lock-wait')
  const stepTimeoutMs = options.duration('timeout', '--timeout')
  return {
    cwd: options.isSet('cwd') ? resolve(cwd, options.text('cwd')) : cwd,
    ...(options.isSet('config') ? { configFile: resolve(cwd, options.text('config')) } : {}),
    ...(options.isSet('env') ? { environment: options.text('env') } : {}),
    ...(lockWaitMs === undefined ? {} : { lockWaitMs }),
    ...(stepTimeoutMs === undefined ? {} : { stepTimeoutMs }),
  }
}

function isPlain({ env }: CliPorts, isAsked: boolean): boolean {
  return isAsked || (env['NO_COLOR'] ?? '') !== '' || env['TERM'] === 'dumb'
}

/** The output format for an error in the flags themselves. */
function guessFormat(argv: readonly string[]): Format {
  const text = argv.join(' ')
  return FORMATS.find((name) => new RegExp(`(^| )(-o ?|--output[ =])${name}( |$)`, 'u').test(text)) ?? 'table'
}

async function reportError(
  error: unknown,
  output: Output,
  isDebug: boolean,
  interruption?: Interruption,
): Promise<number> {
  const exitCode = interruption?.exitCode() ?? exitCodeOf(error)
  const report = toErrorReport(error)
  output.note(...renderError(report))
  if (isDebug && error instanceof Error) output.note(...(error.stack ?? '').split('\n'))
  if (output.format !== 'table') await output.answer({ error: report, exitCode }, () => [])
  return exitCode
}
