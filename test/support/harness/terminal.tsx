import { EventEmitter } from 'node:events'
import xterm from '@xterm/headless'
import type { Engine } from '../../../src/engine/engine.ts'
import type { LaunchOptions } from '../../../components/launch.tsx'
import { NOW } from '../builders/app-builders.ts'
import { bytesOf } from './key-bytes.ts'

/** Ink's colours are decided when it is loaded. */
process.env['FORCE_COLOR'] = '3'

class TtyOutput extends EventEmitter {
  readonly isTTY = true
  readonly writable = true
  readonly destroyed = false
  readonly writableEnded = false
  writableNeedDrain = false
  columns: number
  rows: number
  bytesWritten = 0
  pending = 0
  readonly #terminal: InstanceType<typeof xterm.Terminal>

  constructor(terminal: InstanceType<typeof xterm.Terminal>) {
    super()
    this.#terminal = terminal
    this.columns = terminal.cols
    this.rows = terminal.rows
  }

  write(data: string | Uint8Array, encodingOrDone?: unknown, maybeDone?: unknown): boolean {
    this.bytesWritten += data.length
    this.pending += 1
    this.#terminal.write(data, () => {
      this.pending -= 1
      const done = typeof encodingOrDone === 'function' ? encodingOrDone : maybeDone
      if (typeof done === 'function') done()
    })
    return true
  }
}

class TtyInput extends EventEmitter {
  readonly isTTY = true
  isRaw = false
  setRawMode(isRaw: boolean): this {
    this.isRaw = isRaw
    return this
  }
  ref(): this {
    return this
  }
  unref(): this {
    return this
  }
  pause(): this {
    return this
  }
}

export interface Screen {
  /** The rows as a person sees them, without trailing blanks. */
  rows(): readonly string[]
  text(): string
  /** Waits until the screen shows a text, or a condition holds; fails with the picture. */
  shows(wanted: string | ((text: string) => boolean)): Promise<void>
  press(...keys: readonly string[]): Promise<void>
  /** Character by character, as fingers do. */
  types(text: string): Promise<void>
  /** Lets the time of the app pass: it ignores some keys for a while after others. */
  passes(ms: number): Promise<void>
  /** Raw bytes in one read. */
  sends(bytes: string): void
  resize(columns: number, rows: number): Promise<void>
  /** Whether any cell has a colour of its own. */
  hasColor(): boolean
  readonly isAlternate: boolean
  /** How often the terminal was made to ring. */
  readonly bellCount: number
  readonly bytesWritten: number
  readonly isRaw: boolean
  stall(isStalled: boolean): void
  readonly exit: Promise<number>
  close(): Promise<void>
}

const DEADLINE_MS = 15_000
/** In the time of the app, between two keys. */
const KEY_MS = 30
const ESCAPE_MS = 90

/** The whole app in a terminal emulator: real frames, real keys, no process of its own. */
export async function openApp(
  engine: Engine,
  {
    columns = 80,
    rows = 24,
    ...options
  }: Partial<LaunchOptions> & { readonly columns?: number; readonly rows?: number } = {},
): Promise<Screen> {
  const { launch } = await import('../../../components/launch.tsx')
  const terminal = new xterm.Terminal({
    cols: columns,
    rows,
    allowProposedApi: true,
    scrollback: 200,
    convertEol: true,
  })
  let bellCount = 0
  let elapsedMs = 0
  terminal.onBell(() => void (bellCount += 1))
  const stdout = new TtyOutput(terminal)
  const stdin = new TtyInput()
  const exit = launch({
    engine,
    env: { LANG: 'C.UTF-8', TERM: 'xterm-256color' },
    // The emulated streams have the parts of a TTY that the app and Ink use.
    stdin: stdin as unknown as NodeJS.ReadStream,
    stdout: stdout as unknown as NodeJS.WriteStream,
    now: () => NOW,
    elapsedMs: () => elapsedMs,
    hasExitHandlers: false,
    ...options,
  })
  const line = (index: number): string => terminal.buffer.active.getLine(index)?.translateToString(true) ?? ''
  const screen: Screen = {
    rows: () => Array.from({ length: terminal.rows }, (_, index) => line(terminal.buffer.active.viewportY + index)),
    text: () => screen.rows().join('\n'),
    async shows(wanted) {
      const holds = (): boolean =>
        stdout.pending === 0 && (typeof wanted === 'string' ? screen.text().includes(wanted) : wanted(screen.text()))
      await until(holds, () => `the screen does not show ${String(wanted)}:\n${screen.text()}`)
    },
    async press(...keys) {
      for (const key of keys) {
        stdin.emit('data', bytesOf(key))
        await settle(stdout, key === 'esc' ? ESCAPE_MS : 0)
        elapsedMs += key === 'esc' ? ESCAPE_MS : KEY_MS
      }
    },
    types: async (text) => screen.press(...Array.from(text)),
    async passes(ms) {
      elapsedMs += ms
      await settle(stdout, 0)
    },
    sends: (bytes) => void stdin.emit('data', bytes),
    async resize(nextColumns, nextRows) {
      terminal.resize(nextColumns, nextRows)
      stdout.columns = nextColumns
      stdout.rows = nextRows
      stdout.emit('resize')
      await settle(stdout, 0)
    },
    hasColor: () => hasColor(terminal),
    get bellCount() {
      return bellCount
    },
    get isAlternate() {
      return terminal.buffer.active.type === 'alternate'
    },
    get bytesWritten() {
      return stdout.bytesWritten
    },
    get isRaw() {
      return stdin.isRaw
    },
    stall(isStalled) {
      stdout.writableNeedDrain = isStalled
      if (!isStalled) stdout.emit('drain')
    },
    exit,
    async close() {
      await screen.press('ctrl-c', 'ctrl-c')
      await Promise.race([exit, settle(stdout, 300)])
    },
  }
  await until(
    () => screen.text().trim() !== '',
    () => 'nothing was painted',
  )
  return screen
}

function hasColor(terminal: InstanceType<typeof xterm.Terminal>): boolean {
  for (let row = 0; row < terminal.rows; row += 1) {
    const cells = terminal.buffer.active.getLine(row)
    for (let column = 0; column < terminal.cols; column += 1) {
      const cell = cells?.getCell(column)
      if (cell && (!cell.isFgDefault() || !cell.isBgDefault())) return true
    }
  }
  return false
}

/** A key is on the screen one turn of the port and one frame later. */
async function settle(stdout: TtyOutput, extraMs: number): Promise<void> {
  await new Promise((resolve) => {
    setTimeout(resolve, 25 + extraMs)
  })
  await until(
    () => stdout.pending === 0,
    () => 'the emulator does not catch up',
  )
}

export async function until(holds: () => boolean, complain: () => string): Promise<void> {
  const end = performance.now() + DEADLINE_MS
  while (!holds()) {
    if (performance.now() > end) throw new Error(complain())
    await new Promise((resolve) => {
      setTimeout(resolve, 5)
    })
  }
}
