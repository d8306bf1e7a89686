import type { DeployCommand } from '../../../domain/traffic/deploy-plan.ts'
import type { DeploySummary } from '../../../engine/deploy/deploy.ts'
import type { Engine } from '../../../engine/engine.ts'
import { BagboyError } from '../../../errors/bagboy-error.ts'
import { EXIT } from '../../../errors/codes.ts'
import type { Invocation } from '../../command.ts'
import { confirm } from '../../questions/confirm.ts'
import type { TakeoverMode } from '../../../journal/journal.ts'
import { originText } from '../../../journal/run-origin.ts'
import { takeoverMode } from '../../questions/takeover.ts'
import { followDeploy } from '../../follow/follow-deploy.ts'

/**
 * Sends a command to the process that works on the open deploy. When that process is gone, this one resumes the deploy
 * with the command.
 */
export async function runTrafficCommand(
  asked: Exclude<DeployCommand, 'take-theirs' | 'put-ours-back'>,
  invocation: Invocation,
): Promise<number> {
  const { options, output, interruption } = invocation
  const command = meant(asked, invocation)
  const reason = options.text('reason')
  const mode = takeoverMode(invocation)
  const { engine } = await invocation.open()
  const open = await requireOpen(engine, mode, options.text('deploy').toUpperCase())
  if (command === 'abort') await confirm(invocation, `Send all traffic back and end ${nameOf(open)}?`)
  const { lastSeq, position, askedSeq } = (await engine.readDeploy(open.id)).view
  const seen = { position, askedSeq }
  const { status, why } = await engine.commandDeploy(open.id, command, reason, seen, interruption.signal)
  if (status === 'refused') {
    throw new BagboyError('RUN_NOT_OPEN', `${nameOf(open)} does not accept ${command}: ${why}.`, {
      hint: 'See its state: bagboy-tui traffic status',
    })
  }
  if (status === 'obeyed' && command !== 'abort') {
    await output.answer({ deploy: open.id, command, status }, () => [
      { text: `${nameOf(open)}: ${SAID[command]}`, tone: 'ok' },
      'Watch it: bagboy-tui traffic status --watch',
    ])
    return EXIT.ok
  }
  if (status === 'unattended' && command === 'pause') {
    await output.answer({ deploy: open.id, command, status }, () => [
      `No process works on ${nameOf(open)}: it stands still. Resume it: bagboy-tui traffic resume`,
    ])
    return EXIT.ok
  }
  const handle =
    status === 'obeyed'
      ? engine.followDeploy(open.id)
      : engine.resumeDeploy(open.id, { command, reason }, mode === 'takeover' ? reason : undefined)
  const exitCode = await followDeploy(handle, invocation, { afterSeq: lastSeq, isOurs: status !== 'obeyed' })
  // An abort was asked for, so its result is a success.
  return command === 'abort' && (exitCode === EXIT.aborted || exitCode === EXIT.unhealthy) ? EXIT.ok : exitCode
}

const SAID = {
  promote: 'let through',
  pause: 'starts nothing further',
  resume: 'goes on',
  'take-theirs': 'goes on from what was found',
  'put-ours-back': 'puts back what it had written',
} as const satisfies Record<Exclude<DeployCommand, 'abort'>, string>

function meant(asked: Exclude<DeployCommand, 'take-theirs' | 'put-ours-back'>, { options }: Invocation): DeployCommand {
  if (options.isSet('theirs') && options.isSet('ours')) {
    throw new BagboyError('USAGE', '--theirs and --ours exclude each other.')
  }
  if (options.isSet('theirs')) return 'take-theirs'
  return options.isSet('ours') ? 'put-ours-back' : asked
}

/** A foreign deploy is found only for a takeover, and by its id where there are several. */
async function requireOpen(engine: Engine, mode: TakeoverMode, named: string): Promise<DeploySummary> {
  const all = await engine.openDeploys()
  const meant = all.filter(
    ({ id, origin }) => id.startsWith(named) && (mode === 'takeover' || origin.kind !== 'foreign'),
  )
  const [open, another] = meant
  if (mode === 'takeover' && another) {
    throw new BagboyError('USAGE', `${meant.length} deploys are open: ${meant.map(({ id }) => id).join(', ')}.`, {
      hint: 'Name the one to take over: --deploy ID',
    })
  }
  if (open) return open
  const [foreign] = all.filter(({ origin }) => origin.kind === 'foreign')
  if (foreign) {
    throw new BagboyError('RUN_FOREIGN', `The deploy ${foreign.id} is not yours: ${originText(foreign.origin)}.`, {
      hint: 'See it: bagboy-tui traffic status. To resume it anyway: add --takeover --reason TEXT',
    })
  }
  throw new BagboyError('RUN_NOT_OPEN', 'No deploy is open.', {
    hint: 'See the traffic: bagboy-tui traffic status. Start one: bagboy-tui deploy --version V',
  })
}

function nameOf({ kind, version, slot }: DeploySummary): string {
  return kind === 'deploy' ? `the deploy of ${version}` : `the shift of traffic to ${slot}`
}
