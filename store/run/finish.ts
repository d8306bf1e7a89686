import { exitCodeOf } from '../../src/errors/bagboy-error.ts'
import type { CommandContext } from '../command-context.ts'

/** What this process has begun is brought to its end when there is no operator any more. */
export function finishCommands({ session, state }: CommandContext, takeDefaults: () => void) {
  return {
    /** A run or a deploy of ours is in progress; one that is only watched is not. */
    isAtWork: (): boolean => session.run !== undefined || session.deploy !== undefined,
    /**
     * Waits for the run and the deploy this process works on. A run that was paused stops safely: no operator is left
     * to resume it. Settles with the exit code of the deploy, if there was one. Never rejects.
     */
    async finish(): Promise<number | undefined> {
      takeDefaults()
      const { run, deploy, handle } = session
      if (run && state().run?.isPaused === true) handle?.stop('the terminal went away while the run was paused')
      const [, ended] = await Promise.all([
        run,
        deploy?.result.then(
          ({ exitCode }) => exitCode,
          // It stays open, as after a crash, and its journal says why.
          exitCodeOf,
        ),
      ])
      return ended
    },
  }
}
