import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { userEnvironment } from '../user-environment.ts'

let isBuilt = false

/** The bundle, built first when it is older than the sources. */
export function builtProgram(name: 'bagboy' | 'bagboy-tui'): string {
  if (!isBuilt)
    execFileSync(process.execPath, ['bin/build.mjs', '--if-stale'], { stdio: ['ignore', 'ignore', 'inherit'] })
  isBuilt = true
  return resolve('dist/bin', `${name}.js`)
}

export interface Finished {
  readonly exitCode: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

export interface RunningProgram {
  readonly child: ChildProcess
  readonly finished: Promise<Finished>
  /** What has been written to stdout so far. */
  readonly stdout: () => string
}

export interface ProgramSetting {
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
  readonly stdin?: string
}

/** A program of ours in a process of its own, without a terminal; its whole environment is given. */
export function startProgram(file: string, argv: readonly string[], setting: ProgramSetting = {}): RunningProgram {
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: process.env['HOME'] ?? '/tmp',
    ...userEnvironment(),
    ...setting.env,
  }
  const child = spawn(process.execPath, [file, ...argv], { cwd: setting.cwd, env, stdio: 'pipe' })
  const parts = { stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => (parts.stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (parts.stderr += text))
  child.stdin.end(setting.stdin ?? '')
  const finished = once(child, 'close').then((): Finished => {
    const { exitCode, signalCode } = child
    return { exitCode, signal: signalCode, ...parts }
  })
  return { child, finished, stdout: () => parts.stdout }
}

export function runProgram(file: string, argv: readonly string[], setting: ProgramSetting = {}): Promise<Finished> {
  return startProgram(file, argv, setting).finished
}
