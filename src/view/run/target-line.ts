import type { RollbackPlan } from '../../domain/plan.ts'
import type { Overview } from '../../engine/engine.ts'
import { shortCommit } from '../history/short-commit.ts'
import type { Line } from '../text.ts'

/** Which deployment a plan goes to, and what it was chosen as. The engine has resolved `word`; the plan names the entry. Pure. */
export function renderTarget(
  plan: RollbackPlan,
  { history, active }: Pick<Overview, 'history' | 'active'>,
  word: string,
): Line {
  const { timestamp = '', commit = '' } = history.deployments.find(({ id }) => id === plan.targetId) ?? {}
  const recorded = `history @${plan.targetId}, deployed ${timestamp}${commit === '' ? '' : `, commit ${shortCommit(commit)}`}`
  const isTakenBack = plan.targetId === active?.id && plan.from !== plan.to
  const live = active ? `${active.version}${isTakenBack ? '' : ` (@${active.id})`}` : plan.from
  return [
    { text: 'Target: ', tone: 'dim' },
    { text: plan.to, tone: 'strong' },
    ` (${recorded}), chosen as ${word}`,
    isTakenBack && word === 'last-good'
      ? `: it is live by the history, and ${plan.from} is served`
      : `; live is ${live}`,
  ]
}
