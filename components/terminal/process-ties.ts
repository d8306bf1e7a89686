import { watchExits, type ExitPaths } from './exit-paths.ts'
import { createJobControl, type JobControl } from './job-control.ts'

interface TieParts extends ExitPaths {
  readonly streams: {
    readonly stdin: Pick<NodeJS.ReadStream, 'on'>
    readonly stdout: Pick<NodeJS.WriteStream, 'on'>
  }
  readonly notify: (text: string) => void
}

/** What the app has to do with its process: signals, job control, a terminal that goes away. */
export interface ProcessTies {
  readonly jobControl: JobControl
  /** The terminal is gone and the work goes on. */
  readonly isDetached: () => boolean
  /** The screen is left: a terminal that goes away from now on changes nothing. */
  readonly screenLeft: () => void
  /** Gives everything back; does not settle while a signal is ending the process. */
  readonly untie: () => Promise<void>
}

const NO_SUSPENSION = 'ctrl-z would stop the run in the middle: it goes on.'

export function tieToProcess({ streams: { stdin, stdout }, notify, ...paths }: TieParts): ProcessTies {
  const exits = watchExits(paths)
  const jobControl = createJobControl({ refusal: () => (paths.isAtWork() ? NO_SUSPENSION : null), notify })
  let hasScreen = true
  // A terminal that has gone away must not take the run with it, whichever end of it says so first.
  const onLostTerminal = (): void => {
    if (hasScreen) exits.hangUp()
  }
  stdout.on('error', onLostTerminal)
  stdin.on('error', onLostTerminal)
  stdin.on('end', onLostTerminal)
  return {
    jobControl,
    isDetached: exits.isDetached,
    screenLeft: () => {
      hasScreen = false
    },
    async untie() {
      await exits.mayReturn()
      exits.stop()
      jobControl.stop()
    },
  }
}
