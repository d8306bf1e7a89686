import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { bytesOf } from './key-bytes.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { until } from '../clocks/until.ts'
import { userEnvironment } from '../user-environment.ts'

interface TmuxOptions {
  readonly command: readonly string[]
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  readonly columns?: number
  readonly rows?: number
}

/** A program in a tmux server of its own: another terminal emulator than ours, with sessions that can be killed. */
export interface Tmux {
  screen(): string
  shows(wanted: string | RegExp | ((screen: string) => boolean)): Promise<void>
  press(...keys: readonly string[]): Promise<void>
  types(text: string): Promise<void>
  /** The process in the pane. */
  readonly pid: number
  /** The session ends, and with it the terminal of its program. */
  kill(): void
  /** Ends the server; may be called twice. */
  close(): void
}

const DEADLINE_MS = 60_000

export function openTmux({ command, cwd, env, columns = 100, rows = 30 }: TmuxOptions): Tmux {
  const socket = join(temporaryFolder('tmux'), 'socket')
  const own = {
    ...userEnvironment(),
    PATH: process.env['PATH'] ?? '',
    HOME: process.env['HOME'] ?? '/',
    LANG: 'C.UTF-8',
    TERM: 'xterm-256color',
  }
  const tmux = (...args: readonly string[]): string =>
    execFileSync('tmux', ['-S', socket, ...args], { env: { ...own, ...env }, encoding: 'utf8', cwd, stdio: 'pipe' })
  tmux('-f', '/dev/null', 'new-session', '-d', '-x', String(columns), '-y', String(rows), '-s', 'main', ...command)
  const screen = (): string => tmux('capture-pane', '-p', '-t', 'main')
  const press = (...keys: readonly string[]): Promise<void> => {
    for (const key of keys) tmux('send-keys', '-t', 'main', '-l', '--', bytesOf(key))
    return Promise.resolve()
  }
  return {
    screen,
    press,
    types: (text) => press(...Array.from(text)),
    pid: Number(tmux('display-message', '-p', '-t', 'main', '#{pane_pid}').trim()),
    async shows(wanted) {
      let last = ''
      const holds = (): boolean => {
        last = screen()
        if (typeof wanted === 'string') return last.includes(wanted)
        return wanted instanceof RegExp ? wanted.test(last) : wanted(last)
      }
      await until('the screen in tmux', holds, DEADLINE_MS).catch((error: unknown) => {
        throw new Error(`tmux does not show ${String(wanted)}:\n${last}`, { cause: error })
      })
    },
    kill: () => void tmux('kill-session', '-t', 'main'),
    close() {
      try {
        tmux('kill-server')
      } catch {
        // Its only session has ended, and the server with it.
      }
    },
  }
}
