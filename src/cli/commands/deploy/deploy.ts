import type { DeploySummary } from '../../../engine/deploy/deploy.ts'
import type { Engine } from '../../../engine/engine.ts'
import { EXIT } from '../../../errors/codes.ts'
import { sameVersion } from '../../../domain/version.ts'
import { requireTrusted } from '../../../trust/require-trusted.ts'
import type { Invocation } from '../../command.ts'
import { confirm } from '../../questions/confirm.ts'
import { noteForeign } from '../../questions/takeover.ts'
import { followDeploy } from '../../follow/follow-deploy.ts'
import { readIdentity } from '../../requests/read-identity.ts'
import { renderDeployPlan } from '../../../view/deploy/deploy-lines.ts'

export async function runDeploy(invocation: Invocation): Promise<number> {
  const { options, output, interruption } = invocation
  const { engine, config } = await invocation.open()
  await noteForeign(engine, invocation)
  const identity = await readIdentity(invocation, config)
  const isDryRun = options.isSet('dryRun')
  if (!isDryRun) requireTrusted(await engine.trust(), 'The deploy')
  const left = isDryRun ? undefined : await leftBehind(engine, identity.version)
  if (left) {
    output.note(`The deploy of ${left.version} that was started ${left.startedAt} is still open; it is resumed.`)
    await confirm(invocation, `Resume the deploy of ${left.version}?`)
    const { lastSeq } = (await engine.readDeploy(left.id)).view
    return followDeploy(engine.resumeDeploy(left.id, { command: 'resume', reason: '' }), invocation, {
      afterSeq: lastSeq,
    })
  }
  const plan = await engine.planDeploy({ ...identity, reason: options.text('reason') }, interruption.signal)
  if (isDryRun) {
    await output.answer(plan, () => renderDeployPlan(plan))
    output.note({ text: 'Dry run: nothing was written.', tone: 'dim' })
    return EXIT.ok
  }
  output.note(...renderDeployPlan(plan), '')
  await confirm(invocation, `Deploy ${plan.version} to ${plan.slot}?`)
  return followDeploy(engine.deploy(plan), invocation)
}

/** An open deploy of the same version whose process is gone: starting it again resumes it. */
async function leftBehind(engine: Engine, version: string): Promise<DeploySummary | undefined> {
  const found = (await engine.openDeploys()).find(
    (open) => open.kind === 'deploy' && open.origin.kind !== 'foreign' && sameVersion(open.version, version),
  )
  if (!found) return undefined
  const lock = await engine.lockInfo()
  const isWorkedOn = lock.run === found.id && lock.state !== 'free' && lock.state !== 'dead'
  return isWorkedOn ? undefined : found
}
