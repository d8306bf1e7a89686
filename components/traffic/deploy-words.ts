import { commandMeaning } from '../../src/view/deploy/deploy-lines.ts'
import type { DeployCommand } from '../../src/domain/traffic/deploy-plan.ts'
import type { AppState } from '../../store/state.ts'
import { clip, wrap } from '../format/text.ts'
import type { DeployView } from '../../src/events/deploy-view.ts'
import { plain, span, type Line } from '../primitives/line.ts'
import type { TrafficState } from '../../store/traffic/traffic-state.ts'

const COMMAND_KEYS: Readonly<Record<DeployCommand, string>> = {
  promote: 'P',
  pause: 'p',
  resume: 'p',
  'take-theirs': 'T',
  'put-ours-back': 'O',
  abort: 'B',
}

/** What a person has to decide, and with which keys; nothing when nothing is asked. Pure. */
export function deployQuestion({ question }: DeployView, width: number): readonly Line[] {
  if (!question) return []
  const keys = question.choices.flatMap((choice): Line => [
    span('   '),
    span(COMMAND_KEYS[choice], 'accent'),
    span(` ${commandMeaning(choice)}`),
  ])
  return [
    ...wrap(question.detail, width - 3)
      .slice(0, 3)
      .map((text, index) => plain(` ${index === 0 ? '▲' : ' '} ${text}`, 'warning')),
    keys,
  ]
}

export function deployTitle({ deploy }: TrafficState): string {
  if (!deploy) return 'Deploy'
  const { kind, version, slot } = deploy.plan
  return kind === 'deploy'
    ? `Deploy ─ ${version} to ${slot}`
    : `Shift ─ ${version === '' ? slot : `${version} in ${slot}`}`
}

/** A deploy that needs the operator, on every screen: why, and the key that shows it. Pure. */
export function deployAlarm(
  { traffic, screen }: Pick<AppState, 'traffic' | 'screen'>,
  width: number,
): Line | undefined {
  const deploy = traffic?.deploy
  if (!traffic || !deploy || deploy.result !== null) return undefined
  const isAlone = !traffic.isFollowed && traffic.report?.isWorkedOn === false
  const what = deploy.question?.detail ?? (isAlone ? 'no process works on it' : undefined)
  // The traffic screen says itself what it waits for.
  if (what === undefined || (screen === 'traffic' && deploy.question)) return undefined
  const [key, word] = screen === 'traffic' ? ['R', ' goes on with it'] : ['6', ' shows it']
  const text = clip(`${deployTitle(traffic)} waits: ${what}`, width - word.length - 7)
  return [span(` ▲ ${text}`, 'warning'), span('  '), span(key, 'accent'), span(word)]
}
