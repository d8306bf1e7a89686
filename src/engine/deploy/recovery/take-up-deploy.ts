import { ulid } from 'ulid'
import { deployPurpose } from '../../../domain/lock-purpose.ts'
import { withCleanUp } from '../../../errors/with-clean-up.ts'
import { BagboyError } from '../../../errors/bagboy-error.ts'
import type { BoundTraffic } from '../../../planner/bind-traffic.ts'
import { failpoint } from '../../../platform/failpoint.ts'
import { modeFor, takeOver } from '../../../operation/takeover.ts'
import type { EngineParts } from '../../engine-parts.ts'
import { actorName } from '../../../operation/operation-parts.ts'
import { requireHere } from '../../../operation/environment.ts'
import type { DeployContext } from '../deploy-context.ts'
import { readDeploy } from './deploy-list.ts'
import type { DeployEvent } from '../../../events/deploy-events.ts'
import { projectDeploy } from '../../../events/project-deploy.ts'
import { createRecorder } from '../../../operation/recorder.ts'
import type { DeployHandle } from '../deploy.ts'
import { answerCommand } from './hear-commands.ts'
import { launchDeploy, settleDeploy } from '../launch-deploy.ts'
import { requireTraffic } from '../traffic/traffic-access.ts'
import type { GivenCommand } from '../../../journal/command-box.ts'
import type { DeployView } from '../../../events/deploy-view.ts'
import { withLock } from '../../../operation/with-lock.ts'

type Told = Pick<GivenCommand, 'command' | 'reason'>

/** Resumes a deploy whose process is gone, from its journal. */
export function takeUpDeploy(parts: EngineParts, deploy: string, told?: Told, takeoverReason?: string): DeployHandle {
  return launchDeploy(deploy, async ({ stream, signal }) => {
    const { journals } = parts.deploys
    const folder = (await journals.list()).find(({ run }) => run === deploy)
    const { view } = await readDeploy(parts.deploys, deploy)
    if (!folder?.isOpen) throw notOpen(deploy)
    requireHere(parts, 'deploy', { id: deploy, environment: view.plan.environment })
    const traffic = requireTraffic(parts)
    requireSame(traffic, view)
    return withLock(parts, { run: deploy, purpose: deployPurpose(view.plan) }, async (lock) => {
      const assertHeld = () => lock.assertHeld()
      const { journal, past, origin } = await journals.reopen(deploy, assertHeld, modeFor(takeoverReason))
      const { platform } = parts
      const recorder = createRecorder<DeployEvent, DeployView>(
        { run: deploy, journal, stream, platform, lock, past },
        projectDeploy,
      )
      const purpose = told?.command ?? 'go on'
      const facts = await takeOver(parts, lock, { run: deploy, purpose, origin, reason: takeoverReason })
      await recorder.emit({ type: 'deploy.adopted', ...facts })
      failpoint('deploy:adopted')
      const context = { parts, traffic, recorder, lock, signal }
      if (told) await tell(context, told)
      return settleDeploy(context)
    })
  })
}

/** @throws RUN_NOT_OPEN when the command makes no sense as the deploy stands */
async function tell(context: DeployContext, { command, reason }: Told): Promise<void> {
  const { recorder, parts } = context
  const { platform, actor } = parts
  // `resume` also means: go on. When nothing was paused or asked, no command is recorded.
  if (command === 'resume' && !recorder.view.isPaused && !recorder.view.question) return
  const id = ulid(Date.parse(platform.clock.now()), () => platform.random.next())
  const { position, askedSeq } = recorder.view
  if (await answerCommand(context, { id, command, reason, by: actorName(actor), place: { position, askedSeq } })) return
  const { question } = recorder.view
  const refusal = new BagboyError('RUN_NOT_OPEN', `The deploy cannot be told to ${command} as it stands.`, {
    hint: question
      ? `${question.detail}. It waits for one of: ${question.choices.join(', ')}`
      : 'Look: bagboy-tui traffic status',
  })
  await withCleanUp(
    () => Promise.reject(refusal),
    () => recorder.close(),
  )
}

/** A deploy is about the balancer it was begun with. @throws CONFIG_INVALID */
function requireSame({ provider }: BoundTraffic, { plan }: DeployView): void {
  if (provider.kind === plan.provider) return
  throw new BagboyError(
    'CONFIG_INVALID',
    `the deploy was begun behind ${plan.provider}, and blue_green.traffic.provider is ${provider.kind}`,
    { hint: `Configure ${plan.provider} again, then go on with it or end it.` },
  )
}

export function notOpen(deploy: string): BagboyError {
  return new BagboyError('RUN_NOT_OPEN', `The deploy ${deploy} is over.`, {
    hint: 'See what stands now: bagboy-tui traffic status',
  })
}
