import type { RollbackPlan } from '../../domain/plan.ts'
import type { Engine } from '../../engine/engine.ts'
import { shortCommit } from '../../view/history/short-commit.ts'
import type { Line } from '../../view/text.ts'

/** Which deployment the plan goes to, and why that one: from the plan, so that nothing is decided twice. */
export async function describeTarget(engine: Engine, plan: RollbackPlan, word: string): Promise<Line> {
  const { history, active } = await engine.overview()
  const target = history.deployments.find(({ id }) => id === plan.targetId)
  const { timestamp = '', commit = '' } = target ?? {}
  const isTakenBack = target !== undefined && target.id === active?.id && plan.from !== plan.to
  const chosen = isTakenBack && (word === 'last-good' || word === '')
  return [
    { text: 'Target: ', tone: 'dim' },
    { text: plan.to, tone: 'strong' },
    ` (history @${plan.targetId}, deployed ${timestamp}${commit === '' ? '' : `, commit ${shortCommit(commit)}`}), chosen as ${word}`,
    chosen ? `: it is live by the history, and ${plan.from} is served` : `; live is ${active?.version ?? plan.from}`,
    ...(active && !isTakenBack ? [` (@${active.id})`] : []),
  ]
}
