import type { DeployHandle, DeployOutcome } from '../../engine/deploy/deploy.ts'
import { projectDeploy } from '../../events/project-deploy.ts'
import { printOperation } from './print-operation.ts'
import { askAtTerminal } from '../questions/ask-at-terminal.ts'
import type { Invocation } from '../command.ts'
import { renderDeployEvent } from '../../view/deploy/deploy-event-line.ts'
import { deployReport, renderDeployOutcome } from '../../view/deploy/deploy-lines.ts'

export interface FollowOptions {
  /** Events up to this number were printed before. */
  readonly afterSeq?: number
  /** Whether this process works on the deploy. One that is only watched needs no protection from signals of the terminal. */
  readonly isOurs?: boolean
}

/**
 * Prints a deploy until it ends or needs a person: its events, then its outcome. A signal leaves it open and the traffic
 * as it is; a deploy that loses its terminal continues. Settles with the exit code.
 */
export async function followDeploy(
  handle: DeployHandle,
  invocation: Invocation,
  { afterSeq = 0, isOurs = true }: FollowOptions = {},
): Promise<number> {
  const { interruption, output } = invocation
  const release = isOurs
    ? interruption.goOn(() => output.note({ text: DEPLOY_GOES_ON, tone: 'warning' }))
    : () => undefined
  const outcome = await printDeploy(handle, invocation, afterSeq).finally(release)
  await printDeployOutcome(outcome, invocation)
  return outcome.result === null ? (interruption.exitCode() ?? outcome.exitCode) : outcome.exitCode
}

const DEPLOY_GOES_ON = 'ctrl-z would stop the deploy in the middle; it goes on. ctrl-c leaves it as it stands.'

/** Events as they come; a person at the terminal is asked what the deploy waits for. */
async function printDeploy(handle: DeployHandle, invocation: Invocation, afterSeq: number): Promise<DeployOutcome> {
  const desk = await askAtTerminal(handle.id, invocation)
  return printOperation(handle, invocation, {
    fold: projectDeploy,
    line: renderDeployEvent,
    onEvent: (_event, view) => desk.show(view),
    afterSeq,
    stopText: 'Leaving the deploy as it stands; once more leaves at once.',
  }).finally(() => desk.close())
}

async function printDeployOutcome(outcome: DeployOutcome, { output, interruption }: Invocation): Promise<void> {
  // The events were printed already.
  if (output.format === 'ndjson') return
  const exitCode = outcome.result === null ? (interruption.exitCode() ?? outcome.exitCode) : outcome.exitCode
  await output.answer(deployReport(outcome.view, exitCode), () => renderDeployOutcome(outcome.view))
}
