import type { DeployCommand, DeployPlan } from '../../domain/traffic/deploy-plan.ts'
import { plannedSplit } from '../../domain/traffic/planned-split.ts'
import { stageText } from './stage-text.ts'
import { splitText } from '../../domain/traffic/traffic.ts'
import type { Line } from '../text.ts'
import type { DeployView } from '../../events/deploy-view.ts'

/** What a deploy will do, before anything is written. Pure. */
export function renderDeployPlan(plan: DeployPlan): readonly Line[] {
  const { kind, version, slot, before, provider, from, stages, warnings, onFailure } = plan
  const title =
    kind === 'deploy'
      ? `Deploy ${version} to ${slot}${from === '' ? '' : `; ${from} is live`}`
      : `Move traffic: ${splitText(before)} → ${splitText(plannedSplit(plan))}`
  const behind =
    kind === 'deploy' ? `, if it is bad: ${onFailure === 'revert' ? 'all traffic back' : 'stop and ask'}` : ''
  return [
    [
      { text: title, tone: 'strong' },
      { text: `  ${provider}: ${splitText(before)}${behind}`, tone: 'dim' },
    ],
    ...stages.map((stage, index): Line => `  ${index + 1}. ${stageText(stage)}`),
    ...warnings.map((text): Line => ({ text: `  ! ${text}`, tone: 'warning' })),
  ]
}

/** What scripts read of a deploy that ended here. */
export function deployReport(view: DeployView, exitCode: number): object {
  const { id, plan, result, summary, question, expected, decision, deploymentId, kept, stages } = view
  const { kind, version, from, slot } = plan
  return {
    deploy: id,
    kind,
    version,
    from,
    slot,
    result: result ?? 'open',
    exitCode,
    summary,
    split: expected,
    question,
    reason: decision?.reason ?? null,
    evidence: decision?.evidence ?? null,
    deploymentId,
    kept,
    stages: stages.map(({ stage, status, detail, startedAt, endsAt, finishedAt }) => {
      return { kind: stage.kind, title: stageText(stage), status, detail, startedAt, endsAt, finishedAt }
    }),
  }
}

/** How a deploy ended, or what it waits for. Pure. */
export function renderDeployOutcome(view: DeployView): readonly Line[] {
  const { result, exitCode, summary, question, plan, position, stages, expected } = view
  if (result !== null) return [{ text: `${result}: ${summary}`, tone: exitCode === 0 ? 'ok' : 'bad' }]
  const stage = stages[position]?.stage
  const where = stage ? ` at ${stageText(stage)}` : ''
  const name = plan.kind === 'deploy' ? `The deploy of ${plan.version}` : 'The shift of traffic'
  return [
    { text: `${name} is open${where}; the traffic stands at ${splitText(expected)}.`, tone: 'warning' },
    ...(question ? [`It waits for you: ${question.detail}.`] : []),
    ...howToGoOn(question?.choices ?? ['resume', view.direction === 'back' ? 'take-theirs' : 'abort']),
  ]
}

const COMMAND_LINES = {
  promote: ['traffic promote', 'go on', ''],
  pause: ['traffic pause', 'pause', ': start nothing further'],
  resume: ['traffic resume', 'try again', ', or go on after a pause'],
  'take-theirs': ['traffic resume --theirs', 'leave it as it is', ': go on from it, or, on the way back, end'],
  'put-ours-back': ['traffic resume --ours', 'put it back', ' as the deploy had written it'],
  abort: ['traffic abort', 'send all back', ' and end it'],
} as const satisfies Record<DeployCommand, readonly [line: string, meaning: string, more: string]>

/** What a command does, in two or three words. Pure. */
export function commandMeaning(command: DeployCommand): string {
  return COMMAND_LINES[command][1]
}

/** The command line that gives a command. Pure. */
export function commandLine(command: DeployCommand): string {
  return `bagboy-tui ${COMMAND_LINES[command][0]}`
}

/** The command lines that are possible now. Pure. */
export function howToGoOn(choices: readonly DeployCommand[]): readonly Line[] {
  return choices.map(
    (choice) => `  ${commandLine(choice).padEnd(34)}  ${commandMeaning(choice)}${COMMAND_LINES[choice][2]}`,
  )
}
