import { writeSync } from 'node:fs'

const RESTORE = [
  '\u001B[?2026l', // a frame that was cut short ends here
  '\u001B[?2004l', // bracketed paste off
  '\u001B[?1004l', // focus reports off
  '\u001B[?1000l\u001B[?1002l\u001B[?1003l\u001B[?1006l', // mouse off
  '\u001B[0m',
  '\u001B[?25h', // cursor on
  '\u001B[?1049l', // the normal screen
].join('')

export interface TerminalModes {
  /** Writes past every buffer, so that it works in a signal or crash handler. At most once. */
  restoreNow(): void
  /** Ink has restored the terminal itself: `restoreNow` then does nothing. */
  released(): void
}

/** The one place that knows what has to be undone when the program leaves, however it leaves. */
export function createTerminalModes(
  stdout: { readonly fd?: number; readonly isTTY?: boolean },
  stdin: { setRawMode?(isRaw: boolean): unknown },
): TerminalModes {
  let isOwned = true
  return {
    restoreNow() {
      if (!isOwned) return
      isOwned = false
      attempt(() => stdin.setRawMode?.(false))
      if (stdout.isTTY === true && stdout.fd !== undefined) {
        const { fd } = stdout
        attempt(() => writeSync(fd, RESTORE))
      }
    },
    released() {
      isOwned = false
    },
  }
}

/** A terminal that has gone away (EIO, EPIPE, EAGAIN when it does not read) needs no restoring. */
function attempt(write: () => unknown): boolean {
  try {
    write()
    return true
  } catch {
    return false
  }
}
