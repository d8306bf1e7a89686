import { ulid } from 'ulid'
import type { DeployCommand } from '../../../domain/traffic/deploy-plan.ts'
import { withCleanUp } from '../../../errors/with-clean-up.ts'
import { BagboyError } from '../../../errors/bagboy-error.ts'
import { lockedError } from '../../../lock/locked-error.ts'
import { NEVER, type EngineParts } from '../../engine-parts.ts'
import { actorName } from '../../../operation/operation-parts.ts'
import { requireHere } from '../../../operation/environment.ts'
import type { CommandReceipt } from '../deploy.ts'
import { readDeploy } from './deploy-list.ts'
import { notOpen } from './take-up-deploy.ts'
import type { DeployPosition } from '../../../events/deploy-view.ts'
import { lockPollMs, workerOn } from '../../../operation/worker.ts'

/** Between two reads of the answer, ms. */
const LOOK_MS = 150

interface Told {
  readonly command: DeployCommand
  readonly reason: string
  /** What it was decided about; `undefined` = how the deploy stands now. */
  readonly seen: DeployPosition | undefined
}

/**
 * Sends a command to the process that works on a deploy and waits until the journal has its answer. When there is no
 * such process, or it ends meanwhile, the command counts as not delivered and is withdrawn.
 * @throws LOCKED when that process has not sent a heartbeat for so long that it may never answer
 */
export async function commandDeploy(
  parts: EngineParts,
  deploy: string,
  { command, reason, seen }: Told,
  signal: AbortSignal = NEVER,
): Promise<CommandReceipt> {
  const { deploys, platform, actor } = parts
  const folder = (await deploys.journals.list()).find(({ run }) => run === deploy)
  if (!folder) throw unknownDeploy(deploy)
  if (!folder.isOpen) throw notOpen(deploy)
  const { environment } = (await readDeploy(deploys, deploy)).view.plan
  requireHere(parts, 'deploy', { id: deploy, environment })
  if (!(await isHeard(parts, deploy))) return { status: 'unattended', why: '' }
  const id = ulid(Date.parse(platform.clock.now()), () => platform.random.next())
  const { position, askedSeq } = seen ?? (await readDeploy(deploys, deploy)).view
  await deploys.commands.post(deploy, { id, command, reason, by: actorName(actor), place: { position, askedSeq } })
  let receipt: CommandReceipt | undefined
  return withCleanUp(
    async () => (receipt = await waitForAnswer(parts, deploy, id, signal)),
    async () => {
      if (!receipt || receipt.status === 'unattended') await deploys.commands.withdraw(deploy, id)
    },
  )
}

async function waitForAnswer(
  parts: EngineParts,
  deploy: string,
  id: string,
  signal: AbortSignal,
): Promise<CommandReceipt> {
  const { deploys, platform } = parts
  let lockAtMs = 0
  for (;;) {
    // Before the journal is read: who is gone by then has said all it had to say.
    const isLockDue = platform.clock.elapsedMs() >= lockAtMs
    const isAlive = !isLockDue || (await isHeard(parts, deploy))
    if (isLockDue) lockAtMs = platform.clock.elapsedMs() + lockPollMs(parts)
    const events = await deploys.journals.read(deploy)
    const answer = events.find((event) => event.type === 'deploy.commanded' && event.id === id)
    if (answer?.type === 'deploy.commanded') {
      return answer.refusal === '' ? { status: 'obeyed', why: '' } : { status: 'refused', why: answer.refusal }
    }
    if (events.at(-1)?.type === 'deploy.finished') return { status: 'refused', why: 'it is over' }
    if (!isAlive) return { status: 'unattended', why: '' }
    await platform.clock.sleep(LOOK_MS, signal)
  }
}

/** @throws LOCKED when the process that works on it is silent */
async function isHeard(parts: EngineParts, deploy: string): Promise<boolean> {
  const worker = await workerOn(parts, deploy)
  if (worker === 'unknown' || worker === 'unattended') return worker === 'unknown'
  if (worker.state !== 'silent') return true
  const { platform, config } = parts
  throw lockedError(worker, { platform, subject: config, storage: { span: config.lock.git ? 'machines' : 'folder' } })
}

function unknownDeploy(deploy: string): BagboyError {
  return new BagboyError('RUN_UNKNOWN', `There is no deploy ${deploy}.`, {
    hint: 'See what stands now: bagboy-tui traffic status',
  })
}
