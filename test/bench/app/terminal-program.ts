import { setTimeout as sleep } from 'node:timers/promises'
import { spawn } from '@lydell/node-pty'

/** Ink's mark for the end of a frame (synchronized output, DEC private mode 2026). */
export const FRAME_END = '\u001B[?2026l'

interface TerminalProgramSettings {
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
}

/** A program on a real pseudo-terminal of 80x24. */
export interface TerminalProgram {
  /** Everything it has written until now. */
  output(): string
  /** When `isThere` first held for what it had written, in ms since the start. Throws after 30 s or when it ends before. */
  sees(what: string, isThere: (output: string) => boolean): Promise<number>
  write(keys: string): void
  /** Leaves it as an operator does, so that its compile cache is written; no keys where it ends by itself. Throws when it stays. */
  leave(keys: string): Promise<void>
  /** Kills it and waits until it is gone. */
  kill(): Promise<void>
}

const DEADLINE_MS = 30_000

export function startOnTerminal(argv: readonly string[], settings: TerminalProgramSettings = {}): TerminalProgram {
  const startedMs = performance.now()
  const child = spawn(process.execPath, [...argv], {
    cols: 80,
    rows: 24,
    cwd: settings.cwd ?? process.cwd(),
    env: { ...process.env, TERM: 'xterm-256color', ...settings.env },
  })
  let output = ''
  let check = (): void => undefined
  const ended = new Promise<void>((resolve) => child.onExit(() => resolve()))
  child.onData((text) => {
    output += text
    check()
  })
  return {
    output: () => output,
    sees: (what, isThere) =>
      new Promise((resolve, reject) => {
        const fail = () => reject(new Error(`${what} was not seen:\n${output}`))
        const timer = setTimeout(fail, DEADLINE_MS)
        check = () => {
          if (!isThere(output)) return
          clearTimeout(timer)
          check = () => undefined
          resolve(performance.now() - startedMs)
        }
        void ended.then(fail)
        check()
      }),
    write: (keys) => child.write(keys),
    async leave(keys) {
      if (keys !== '') child.write(keys)
      if (await Promise.race([ended.then(() => true), sleep(DEADLINE_MS, false, { ref: false })])) return
      child.kill('SIGKILL')
      throw new Error(`it does not end with ${JSON.stringify(keys)}`)
    },
    async kill() {
      child.kill('SIGKILL')
      await ended
    },
  }
}
