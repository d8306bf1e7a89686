import { basename } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { spawn } from '@lydell/node-pty'
import xterm from '@xterm/headless'
import { bytesOf } from './key-bytes.ts'
import { until } from '../clocks/until.ts'
import { userEnvironment } from '../user-environment.ts'

/** A busy machine paints late. */
const DEADLINE_MS = 60_000

/** With one of these in its environment Ink takes itself to be unattended and paints nothing. */
const UNATTENDED = /^(?:CI|CI_.*|CONTINUOUS_INTEGRATION|NO_COLOR|FORCE_COLOR|VITEST.*|TMUX)$/u

export interface TerminalOptions {
  readonly command: string
  readonly args?: readonly string[]
  readonly cwd?: string
  /** Beside PATH and HOME; everything else of this process stays away from the program. */
  readonly env?: Readonly<Record<string, string>>
  readonly columns?: number
  readonly rows?: number
}

export interface Terminal {
  readonly pid: number
  /** What stands on the screen now, one line a row, without trailing blanks. */
  screen(): string
  /** Everything on the normal screen with what has scrolled away. */
  transcript(): string
  /** Every byte the program has written. */
  output(): string
  /** Waits until the screen holds a text, or a condition; fails with the picture. */
  shows(wanted: string | RegExp | ((screen: string) => boolean)): Promise<void>
  /** Keys by their names in the keymap, each in a write of its own. */
  press(...keys: readonly string[]): Promise<void>
  /** Character by character, as fingers do. */
  types(text: string): Promise<void>
  /** The window gets another size, as with a mouse. */
  resize(columns: number, rows: number): void
  readonly isAlternate: boolean
  /** The emulator itself, for its cells. */
  readonly emulator: InstanceType<typeof xterm.Terminal>
  /** 0..255, or 128 + n when signal n ended it. */
  readonly exitCode: Promise<number>
  /** The terminal goes away, as when a connection breaks. */
  hangUp(): void
  /** Its window is closed: nothing reads any more, and what is written fails. */
  close(): void
}

/** A program on a pseudo terminal whose other end is a terminal emulator. */
export function openTerminal(options: TerminalOptions): Terminal {
  const { command, args = [], columns = 80, rows = 24 } = options
  const emulator = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true, scrollback: 1000 })
  const pty = spawn(command, [...args], {
    name: 'xterm-256color',
    cols: columns,
    rows,
    cwd: options.cwd ?? process.cwd(),
    env: childEnvironment(options.env),
  })
  let output = ''
  let undrawn = 0
  pty.onData((text) => {
    output += text
    undrawn += 1
    emulator.write(text, () => (undrawn -= 1))
  })
  // What the program asks its terminal (colours, cursor, capabilities) is answered.
  emulator.onData((answer) => pty.write(answer))
  const exitCode = new Promise<number>((resolve) => {
    pty.onExit((exit) => resolve(exit.signal === undefined || exit.signal === 0 ? exit.exitCode : 128 + exit.signal))
  })
  const screen = (): string => rowsOf(emulator, emulator.buffer.active.viewportY, emulator.rows).join('\n')
  const settled = () => until(`the picture of ${basename(command)}`, () => undrawn === 0, DEADLINE_MS)
  const press = async (...keys: readonly string[]): Promise<void> => {
    for (const key of keys) {
      pty.write(bytesOf(key))
      await nextTurn()
    }
  }
  return {
    pid: pty.pid,
    emulator,
    screen,
    transcript: () => joinedRows(emulator.buffer.normal),
    output: () => output,
    async shows(wanted) {
      const holds = (): boolean => undrawn === 0 && fits(wanted, screen())
      await until('the screen', holds, DEADLINE_MS).catch((error: unknown) => {
        throw new Error(`The screen does not show ${String(wanted)}:\n${screen()}`, { cause: error })
      })
      await settled()
    },
    press,
    types: (text) => press(...Array.from(text)),
    resize(nextColumns, nextRows) {
      emulator.resize(nextColumns, nextRows)
      pty.resize(nextColumns, nextRows)
    },
    get isAlternate() {
      return emulator.buffer.active.type === 'alternate'
    },
    exitCode,
    hangUp: () => pty.kill('SIGHUP'),
    close: () => (pty as unknown as { destroy(): void }).destroy(),
  }
}

function childEnvironment(own: Readonly<Record<string, string>> = {}): Record<string, string> {
  const inherited = Object.fromEntries(['PATH', 'HOME', 'TMPDIR'].map((name) => [name, process.env[name] ?? '']))
  const all = { ...inherited, ...userEnvironment(), LANG: 'C.UTF-8', TERM: 'xterm-256color', ...own }
  return Object.fromEntries(Object.entries(all).filter(([name, value]) => value !== '' && !UNATTENDED.test(name)))
}

function fits(wanted: string | RegExp | ((screen: string) => boolean), screen: string): boolean {
  if (typeof wanted === 'string') return screen.includes(wanted)
  return wanted instanceof RegExp ? wanted.test(screen) : wanted(screen)
}

function rowsOf(emulator: xterm.Terminal, start: number, count: number): readonly string[] {
  const buffer = emulator.buffer.active
  return Array.from({ length: count }, (_, row) => buffer.getLine(start + row)?.translateToString(true) ?? '')
}

/** All rows from the first one, with those put together again that the terminal has broken. */
function joinedRows(buffer: xterm.IBuffer): string {
  let text = ''
  for (let row = 0; row < buffer.length; row += 1) {
    const line = buffer.getLine(row)
    text += `${row > 0 && line?.isWrapped !== true ? '\n' : ''}${line?.translateToString(true) ?? ''}`
  }
  return text.trimEnd()
}
