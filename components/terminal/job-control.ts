import process from 'node:process'

/** Hands the terminal over while `callback` runs and takes it back afterwards, with a full repaint. */
type SuspendTerminal = (callback: () => Promise<void>) => Promise<void>

interface JobControlParts {
  /** Why the program must not stop now, or `null`. A stopped process stops its engine's thread as well. */
  readonly refusal: () => string | null
  readonly notify: (text: string) => void
}

export interface JobControl {
  /** Known once the screen is drawn. */
  attach(suspendTerminal: SuspendTerminal): void
  /** ctrl-z: stops the program as a shell expects it, and comes back at `fg`. */
  suspend(): Promise<void>
  /** Takes the handlers away again. */
  stop(): void
}

/** A process that is still running so long after its own stop signal has no shell that could continue it. */
const NOT_STOPPED_MS = 500
const NO_SHELL = 'There is no shell to go back to: ctrl-z does nothing here.'

/**
 * Stopping and continuing. ctrl-z arrives as a key, because the terminal is in raw mode; another process may send SIGTSTP,
 * or stop the process without asking, and a continued one gets back its modes, its input, and the whole picture.
 */
export function createJobControl({ refusal, notify }: JobControlParts): JobControl {
  let suspendTerminal: SuspendTerminal | undefined
  let isSuspended = false

  async function suspend(): Promise<void> {
    if (isSuspended || !suspendTerminal) return
    const why = refusal()
    if (why !== null) return notify(why)
    isSuspended = true
    let wasStopped = false
    await suspendTerminal(async () => {
      wasStopped = await stopProcess()
    }).finally(() => {
      isSuspended = false
    })
    if (!wasStopped) notify(NO_SHELL)
  }

  /** The whole group, as the terminal itself does it: a script or a package manager that started us stops with us. */
  async function stopProcess(): Promise<boolean> {
    const continued = Promise.withResolvers<true>()
    const onContinue = (): void => continued.resolve(true)
    process.once('SIGCONT', onContinue)
    process.off('SIGTSTP', onStop)
    try {
      process.kill(0, 'SIGTSTP')
      return await Promise.race([continued.promise, notStopped()])
    } finally {
      process.on('SIGTSTP', onStop)
      process.off('SIGCONT', onContinue)
    }
  }

  const onStop = (): void => void suspend()
  /** Stopped by SIGSTOP, or by touching the terminal from the background: without a question, and the picture is gone. */
  const onContinue = (): void => {
    if (!isSuspended) void suspendTerminal?.(async () => undefined)
  }
  process.on('SIGTSTP', onStop)
  process.on('SIGCONT', onContinue)
  return {
    attach(suspending) {
      suspendTerminal = suspending
    },
    suspend,
    stop() {
      process.off('SIGTSTP', onStop)
      process.off('SIGCONT', onContinue)
    },
  }
}

/** The timer also keeps the process alive: without it, it would end at `fg`. */
function notStopped(): Promise<false> {
  return new Promise((resolve) => {
    setTimeout(() => resolve(false), NOT_STOPPED_MS)
  })
}
