import { plural } from '../../src/view/plural.ts'
import { blockingFindings, type RollbackPlan } from '../../src/domain/plan.ts'
import type { CommandContext } from '../command-context.ts'
import { packageNames } from './package-names.ts'
import { leftBehind } from './plan-rows.ts'

/** How many warnings stand in the dialog; the others are counted, and the checks (`b`) have them all. */
const MOST_WARNINGS = 4

/** The dialog before a plan is run: made from the very plan that stands on the screen. */
export function planDialog(
  { state, session, confirm }: CommandContext,
  startRollback: (plan: string, reason: string) => void,
) {
  return {
    confirmRun(): void {
      const { plan: shown, overview } = state()
      if (!shown || blockingFindings(shown.plan).length > 0) return
      const { plan } = shown
      const isGiven = session.reason !== ''
      const needsReason = overview?.requiresReason === true || plan.overrides.length > 0
      confirm({
        title: `Roll back ${plan.environment.toUpperCase()}`,
        facts: [
          ...planFacts(plan),
          ...(plan.reason === '' ? [] : [`Asked for by a trigger: ${plan.reason}`]),
          ...(isGiven ? [`Reason, from --reason: ${session.reason}`] : []),
        ],
        warnings: planWarnings(plan),
        reasonMode: isGiven ? 'none' : needsReason ? 'required' : 'optional',
        expected: plan.to,
        label: 'Roll back',
        accept: (reason) => startRollback(plan.id, reason),
      })
    },
  }
}

/** From where to where, by which plan, in how many steps, and what stays behind. Pure. */
export function planFacts(plan: RollbackPlan): readonly string[] {
  const count = plan.steps.length
  const behind = leftBehind(plan)
  return [
    `${plan.app}   ${plan.from}  →  ${plan.to}`,
    `plan ${plan.id.slice(-6)} · ${plural(count, 'step')}${behind.length === 0 ? '' : ` · ${behind.length} skipped`}`,
  ]
}

/** What cannot be taken back, what is skipped, what the checks warn of. Pure. */
export function planWarnings(plan: RollbackPlan): readonly string[] {
  const behind = leftBehind(plan)
  const oneWay = plan.steps.filter(({ reversibility }) => reversibility === 'one-way')
  const others = [
    ...oneWay.map(({ package: one }) => `cannot be undone: ${one.format} ${one.name}`),
    ...plan.findings.filter(({ severity }) => severity === 'warn').map(({ title }) => title),
    ...plan.overrides.map((code) => `check ${code} is overridden`),
  ]
  const more = others.length - MOST_WARNINGS
  return [
    ...(behind.length === 0
      ? []
      : [`skipped, ${behind.length === 1 ? 'it stays' : 'they stay'} as now: ${namesOf(behind)}`]),
    ...others.slice(0, MOST_WARNINGS),
    ...(more > 0 ? [`${more} more; b on the plan shows all`] : []),
  ]
}

function namesOf(excluded: RollbackPlan['excluded']): string {
  return packageNames(excluded.map((one) => one.package)).join(', ')
}
