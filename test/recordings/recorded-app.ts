import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { SandboxOptions } from '../../src/sandbox/create-sandbox.ts'
import { builtProgram } from '../support/harness/built-program.ts'
import { createProxiedSandbox, type ProxiedSandbox } from '../support/registries/proxied-sandbox.ts'
import { openTerminal, type Terminal } from '../support/harness/pty.ts'
import { GIT_ENVIRONMENT } from '../support/processes/run-client.ts'

/** When everything on the pictures happens. */
const START_MS = Date.parse('2026-02-03T03:12:07.000Z')
/** Nothing was painted for so long: the screen stands still. */
const STILL_MS = 400

export interface RecordedApp {
  readonly terminal: Terminal
  readonly proxies: ProxiedSandbox['proxies']
  /** The program's clock goes on by so many seconds. */
  pass(seconds: number): void
  /** Once the screen stands still. */
  settle(): Promise<void>
  /** Another process of the same project, that goes on by itself; it ends with the recording. */
  besides(...argv: readonly string[]): void
  /** A power cut, and the program is started again. */
  killAndOpen(): Promise<void>
  /** Ports and temporary folders under names of the same length that never change. */
  mask(text: string): string
  close(): Promise<void>
}

/** The shipped program on a pseudo terminal, in a sandbox of its own where only we let time pass. */
export async function openRecordedApp(
  columns: number,
  rows: number,
  options: Pick<SandboxOptions, 'isWatched' | 'scenario'> = {},
): Promise<RecordedApp> {
  const home = mkdtempSync(join(tmpdir(), 'bagboy-recording-'))
  const clock = join(home, 'clock')
  let nowMs = START_MS
  const pass = (seconds: number): void => {
    nowMs += seconds * 1000
    writeFileSync(clock, new Date(nowMs).toISOString())
  }
  pass(0)
  const now = new Date(nowMs).toISOString()
  const { sandbox, proxies, close } = await createProxiedSandbox({ folder: '/tmp', now, ...options })
  const service = new URL(sandbox.application?.url ?? 'http://nowhere.invalid').host
  const open = (...argv: readonly string[]): Terminal =>
    openTerminal({
      command: process.execPath,
      args: ['--import', join(import.meta.dirname, 'still-world.ts'), builtProgram('bagboy-tui'), ...argv],
      cwd: sandbox.root,
      env: {
        ...GIT_ENVIRONMENT,
        ...sandbox.env,
        HOME: home,
        XDG_CACHE_HOME: join(home, 'cache'),
        XDG_STATE_HOME: join(home, 'state'),
        // The proxies between the program and its registries are not what the sandbox has trusted.
        BAGBOY_TRUST: '1',
        RECORDING_CLOCK: clock,
      },
      columns,
      rows,
    })
  const others: Terminal[] = []
  let terminal = open()
  const folder = basename(dirname(sandbox.root))
  return {
    get terminal() {
      return terminal
    },
    proxies,
    pass,
    besides(...argv) {
      others.push(open(...argv))
    },
    async settle() {
      for (let bytes = -1; bytes !== terminal.output().length;) {
        bytes = terminal.output().length
        await sleep(STILL_MS)
      }
    },
    async killAndOpen() {
      process.kill(terminal.pid, 'SIGKILL')
      await terminal.exitCode
      terminal = open()
    },
    mask: (text) =>
      text
        .replaceAll(proxies.docker.host, '127.0.0.1:45000')
        .replaceAll(proxies.npm.host, '127.0.0.1:44873')
        .replaceAll(service, '127.0.0.1:48080')
        .replaceAll(folder, folder.replace(/-[^-]+$/u, '-sandbx')),
    async close() {
      for (const one of [terminal, ...others]) {
        one.hangUp()
        await one.exitCode
      }
      await close()
      rmSync(home, { recursive: true, force: true })
    },
  }
}
