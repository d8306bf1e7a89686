import { ulid } from 'ulid'
import type { DeployCommand } from '../../domain/deploy-plan.ts'
import { BagboyError } from '../../errors/bagboy-error.ts'
import type { DeployPlace } from '../../events/project-deploy.ts'
import { actorName, NEVER, type EngineParts } from '../engine-parts.ts'
import { isWorkedOn } from '../follow-run.ts'
import type { CommandReceipt } from './deploy.ts'
import { readDeploy } from './deploy-list.ts'
import { notOpen } from './take-up-deploy.ts'

/** Between two looks for the answer, ms. */
const LOOK_MS = 150

interface Told {
  readonly command: DeployCommand
  readonly reason: string
  /** What it was decided about; `undefined` = how the deploy stands now. */
  readonly seen: DeployPlace | undefined
}

/**
 * Tells the process that works on a deploy something and waits until the journal has its answer. When there is no such
 * process, or it goes away meanwhile, nobody was told.
 */
export async function commandDeploy(
  parts: EngineParts,
  deploy: string,
  { command, reason, seen }: Told,
  signal: AbortSignal = NEVER,
): Promise<CommandReceipt> {
  const { deploys, platform, actor } = parts
  const folder = (await deploys.journals.list()).find(({ run }) => run === deploy)
  if (!folder) throw new BagboyError('RUN_UNKNOWN', `There is no deploy ${deploy}.`)
  if (!folder.isOpen) throw notOpen(deploy)
  if (!(await isWorkedOn(parts, deploy))) return { status: 'nobody', why: '' }
  const id = ulid(Date.parse(platform.clock.now()), () => platform.random.next())
  const { position, askedSeq } = seen ?? (await readDeploy(deploys, deploy)).view
  await deploys.commands.post(deploy, { id, command, reason, by: actorName(actor), place: { position, askedSeq } })
  for (;;) {
    const isAlive = await isWorkedOn(parts, deploy)
    const events = await deploys.journals.read(deploy)
    const answer = events.find((event) => event.type === 'deploy.commanded' && event.id === id)
    if (answer?.type === 'deploy.commanded') {
      return answer.refusal === '' ? { status: 'obeyed', why: '' } : { status: 'refused', why: answer.refusal }
    }
    if (events.at(-1)?.type === 'deploy.finished') return { status: 'refused', why: 'it is over' }
    if (!isAlive) return { status: 'nobody', why: '' }
    await platform.clock.sleep(LOOK_MS, signal)
  }
}
