import { BagboyError, exitCodeOf, fromErrorReport } from '../../errors/bagboy-error.ts'
import { EXIT } from '../../errors/codes.ts'
import { withCleanUp } from '../../errors/with-clean-up.ts'
import type { StampedDeploy } from '../../events/deploy-events.ts'
import type { DeployView } from '../../events/deploy-view.ts'
import { createEventStream, type EventStream } from '../../operation/event-stream.ts'
import { openHandle } from '../../operation/operation-handle.ts'
import type { DeployContext } from './deploy-context.ts'
import type { DeployHandle, DeployOutcome } from './deploy.ts'
import { driveDeploy } from './drive-deploy.ts'
import { deployInterrupted } from './recovery/deploy-interrupted.ts'

interface DeployLaunch {
  readonly stream: EventStream<StampedDeploy>
  /** Aborts when the work on it is to end. */
  readonly signal: AbortSignal
}

/** A handle at once; the body runs behind it. */
export function launchDeploy(id: string, body: (launch: DeployLaunch) => Promise<DeployOutcome>): DeployHandle {
  const stopping = new AbortController()
  const stream = createEventStream<StampedDeploy>()
  const work = body({ stream, signal: stopping.signal })
  return openHandle(id, { stream, work, stop: (reason) => stopping.abort(new BagboyError('ABORTED', reason)) })
}

/** Works until nothing is left to do here, then closes the folder of a deploy that is over. */
export async function settleDeploy(context: DeployContext): Promise<DeployOutcome> {
  const { recorder, lock, parts, signal } = context
  await withCleanUp(
    () =>
      driveDeploy(context).catch((error: unknown) => {
        // When it is told to stop, it leaves the deploy as it stands; every other error is an error of this process.
        if (!signal.aborted) throw deployInterrupted(recorder.view, error)
      }),
    () => recorder.close(),
  )
  const { view } = recorder
  await lock.assertHeld()
  if (view.result !== null) await parts.deploys.journals.close(view.id, recorder.part)
  return deployOutcome(view)
}

/** Pure. */
export function deployOutcome(view: DeployView): DeployOutcome {
  return { id: view.id, result: view.result, exitCode: exitCodeFor(view), view }
}

/** Of a deploy that is not over, why not. */
function exitCodeFor({ exitCode, question }: DeployView): number {
  if (exitCode !== null) return exitCode
  if (question?.error) return exitCodeOf(fromErrorReport(question.error))
  return question ? EXIT.refused : EXIT.aborted
}
