import { BagboyError } from '../../../errors/bagboy-error.ts'
import { projectDeploy } from '../../../events/project-deploy.ts'
import type { EngineParts } from '../../engine-parts.ts'
import { isWorkedOn, lockLookMs } from '../../rollback/run/follow-run.ts'
import type { DeployHandle, DeployOutcome } from '../deploy.ts'
import { exitCodeFor, launchDeploy, type DeployLaunch } from '../launch-deploy.ts'
import type { DeployView } from '../../../events/deploy-view.ts'

/** A deploy of another process, from its journal. Nothing is written, and no lock is taken. */
export function followDeploy(parts: EngineParts, deploy: string): DeployHandle {
  return launchDeploy(deploy, async ({ stream, signal }) => {
    const over = new AbortController()
    const watching = AbortSignal.any([signal, over.signal])
    const ended = readToEnd(parts, deploy, { stream, signal: watching })
    const left = waitUntilLeft(parts, deploy, watching)
    // Whichever of the two is not needed any more ends with the watching, and has nothing to say then.
    left.catch(() => undefined)
    ended.catch(() => undefined)
    try {
      return await Promise.race([ended, left])
    } finally {
      over.abort(new BagboyError('ABORTED', `The deploy ${deploy} is no longer watched.`))
    }
  })
}

async function readToEnd(
  { deploys }: EngineParts,
  deploy: string,
  { stream, signal }: DeployLaunch,
): Promise<DeployOutcome> {
  let view: DeployView | undefined
  for await (const event of deploys.journals.follow(deploy, signal)) {
    view = projectDeploy(view, event)
    stream.push(event)
    if (view && view.result !== null) return outcomeOf(view)
  }
  signal.throwIfAborted()
  if (view) return outcomeOf(view)
  throw new BagboyError('RUN_UNKNOWN', `The deploy ${deploy} has no records: it never did anything.`)
}

function outcomeOf(view: DeployView): DeployOutcome {
  return { deployId: view.id, result: view.result, exitCode: exitCodeFor(view), view }
}

/** Nobody works on it any more and it is not over: it waits for somebody. */
async function waitUntilLeft(parts: EngineParts, deploy: string, signal: AbortSignal): Promise<DeployOutcome> {
  const { deploys, platform } = parts
  for (;;) {
    await platform.clock.sleep(lockLookMs(parts), signal)
    const before = await deploys.journals.read(deploy)
    if (await isWorkedOn(parts, deploy)) continue
    const after = await deploys.journals.read(deploy)
    const view = after.reduce<DeployView | undefined>(projectDeploy, undefined)
    if (!view || after.length !== before.length || view.result !== null) continue
    if (view.question) return outcomeOf(view)
    throw new BagboyError('RUN_ABANDONED', `Nobody works on the deploy ${deploy} any more, and it is not over.`, {
      hint: 'Go on with it: bagboy-tui traffic resume',
    })
  }
}
