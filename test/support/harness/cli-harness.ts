import type { Config } from '../../../src/config/config.ts'
import { runCli } from '../../../src/cli/main.ts'
import type { AppRequest, CliPorts, OpenedApp, ProjectOptions, StopSignal } from '../../../src/cli/ports.ts'
import type { Engine } from '../../../src/engine/engine.ts'
import type { Platform } from '../../../src/platform/platform.ts'
import { createNodePlatform } from '../../../src/platform/node/create-platform.ts'
import { NO_HEALTH } from '../engine/no-health.ts'
import { scriptedEngine } from '../engine/scripted-engine.ts'

export interface CliSetting {
  readonly engine?: Engine
  readonly openApp?: (projectOptions: ProjectOptions) => Promise<OpenedApp>
  readonly isTerminal?: boolean
  /** Lines typed at the terminal. */
  readonly typed?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
  readonly program?: CliPorts['program']
  /** Instead of the real one. */
  readonly platform?: Platform
  readonly config?: Config
}

export interface CliResult {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
  /** Requests the full-screen app was launched with. */
  readonly launches: readonly AppRequest[]
}

/** A command line in progress: signals can be sent to it. */
export interface StartedCli {
  readonly result: Promise<CliResult>
  readonly send: (signal: StopSignal) => void
  /** `false`: nothing keeps the process from being stopped. */
  readonly pressCtrlZ: () => boolean
  readonly stderr: () => string
}

export function startCli(argv: readonly string[], setting: CliSetting = {}): StartedCli {
  const { isTerminal = false, typed = [], engine = scriptedEngine() } = setting
  const [out, err, launches]: [string[], string[], AppRequest[]] = [[], [], []]
  const listeners = new Set<(signal: StopSignal) => void>()
  const stopListeners = new Set<() => void>()
  const lines = [...typed]
  const stream = (parts: string[]) => ({ write: (text: string) => void parts.push(text), isTerminal, columns: 100 })
  const exitCode = runCli({
    argv,
    program: setting.program ?? 'bagboy-tui',
    version: '9.8.7',
    cwd: setting.cwd ?? '/project',
    env: setting.env ?? {},
    loadPlatform: () => Promise.resolve(setting.platform ?? { ...createNodePlatform(), env: setting.env ?? {} }),
    stdin: {
      isTerminal,
      readLine: () => Promise.resolve(lines.shift()),
      readKey: () => Promise.resolve(lines.shift()),
    },
    stdout: stream(out),
    stderr: stream(err),
    signals: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    stopRequests: (listener) => {
      stopListeners.add(listener)
      return () => void stopListeners.delete(listener)
    },
    openApp: (_platform, projectOptions) =>
      setting.openApp?.(projectOptions) ?? Promise.resolve({ engine, config: setting.config ?? aConfig() }),
    launchApp: (request) => Promise.resolve(launches.push(request)).then(() => 0),
  })
  return {
    result: exitCode.then((code) => ({ exitCode: code, stdout: out.join(''), stderr: err.join(''), launches })),
    send: (signal) => {
      for (const listener of listeners) listener(signal)
    },
    pressCtrlZ: () => {
      const isHeard = stopListeners.size > 0
      for (const listener of stopListeners) listener()
      return isHeard
    },
    stderr: () => err.join(''),
  }
}

export function cli(argv: readonly string[], setting: CliSetting = {}): Promise<CliResult> {
  return startCli(argv, setting).result
}

export function aConfig(): Config {
  return {
    file: '/project/bagboy.yaml',
    root: '/project',
    hash: 'c0ffee',
    app: 'myapp',
    version: '1.4.0',
    environment: 'production',
    fileEnvironment: 'production',
    releaseTag: null,
    inert: [],
    history: { file: '/project/.bagboy/deployment-history.yml', keep: 25, keepHealthy: 3 },
    rollback: {
      hold: true,
      parallelism: 4,
      timeoutMs: 60_000,
      requestTimeoutMs: 30_000,
      settleWindowMs: 2000,
      requireReason: false,
      onPartialFailure: 'pause',
      retry: { attempts: 5, backoffMs: 1000, maxBackoffMs: 30_000, jitter: true },
    },
    ...NO_HEALTH,
    lock: { ttlMs: 60_000, heartbeatMs: 10_000, waitMs: 0 },
    registries: [
      { format: 'npm', registry: 'https://npm.example.com', options: {}, locationOf: () => 'bagboy.yaml:4:5' },
    ],
    blueGreen: null,
  }
}
