import type { RollbackRequest } from '../../src/engine/engine.ts'
import type { CommandContext } from '../command-context.ts'
import { shellWord } from '../../src/domain/text/shell-word.ts'
import { packageNames } from './package-names.ts'
import { selectedPlanRow, selectorOf } from './plan-rows.ts'
import { safe } from '../safe.ts'
import { liveDeployment } from '../history/deployments.ts'

type Request = Pick<RollbackRequest, 'target' | 'except' | 'overrides' | 'incident'>

/** From a target to a plan that can be walked through. Reads registries, changes nothing. */
export function planCommands(context: CommandContext) {
  const { engine, dispatch, state, ports, session } = context

  /** The engine's plan replaces whatever plan there was: as a whole, on the screen and for the run. */
  async function openPlan({ target, except, overrides, incident }: Request): Promise<boolean> {
    const plan = await context.wait('Reading every registry, then planning', true, (signal) =>
      engine.plan({ target, only: [], except, reason: '', incident, overrides }, signal),
    )
    if (!plan) return false
    session.plan = plan
    dispatch({ type: 'plan.made', plan: safe(plan), request: { target, except } })
    return true
  }

  /** The same target again with another selection or other overrides. */
  async function replan(change: Partial<Pick<Request, 'except' | 'overrides'>>, saying: () => string): Promise<void> {
    const { plan: shown } = state()
    if (!shown) return
    const { target, except, plan } = shown
    if (!(await openPlan({ target, except, overrides: plan.overrides, incident: plan.incident, ...change }))) return
    context.open('plan')
    context.notify('info', saying())
  }

  function skippedNow(): ReadonlySet<string> {
    const { excluded } = state().plan?.plan ?? { excluded: [] }
    return new Set(packageNames(excluded.filter(({ status }) => status === 'skipped').map((one) => one.package)))
  }

  /** Which registries the engine's new plan skips, or no longer skips: a selector may stand for several. */
  function changed(before: ReadonlySet<string>): string {
    const after = skippedNow()
    const gone = [...after].filter((name) => !before.has(name))
    const back = [...before].filter((name) => !after.has(name))
    if (gone.length > 0) return `Skipped: ${gone.join(', ')}. e on its row takes it in again.`
    return back.length > 0 ? `Back in the plan: ${back.join(', ')}.` : 'The plan skips the same registries as before.'
  }

  function override(overrides: readonly string[]): void {
    if (overrides.join() === state().plan?.plan.overrides.join()) return
    void replan({ overrides }, () => {
      const now = state().plan?.plan.overrides ?? []
      return now.length === 0 ? 'No check is overridden.' : `Overridden: ${now.join(', ')}. The run needs a reason.`
    })
  }

  return {
    /** As the command line asked for it; registries outside of `--only` are skipped one by one. */
    async openRequest({ target, only, except, overrides, incident, reason }: RollbackRequest): Promise<void> {
      session.reason = reason
      const packages = only.length === 0 ? [] : (liveDeployment(state())?.packages ?? [])
      const others = packages
        .map((one) => ({ format: one.format, word: selectorOf(one) }))
        .filter(({ format, word }) => !only.includes(format) && !only.includes(word))
      const request = { target, except: [...except, ...others.map(({ word }) => word)], overrides, incident }
      if (await openPlan(request)) context.open('plan')
    },
    /** What a trigger has asked for: planned already, to be walked through like any other plan. */
    openProposal(): void {
      const plan = session.proposal
      if (!plan) return
      session.reason = ''
      session.plan = plan
      dispatch({ type: 'plan.made', plan: safe(plan), request: { target: plan.to, except: [] } })
      context.open('plan')
    },
    async openPlan(target: string): Promise<void> {
      session.reason = ''
      if (await openPlan({ target, except: [], overrides: [], incident: '' })) context.open('plan')
    },
    /** Plans again without the registry of the selected row; on a skipped row, with it. */
    async toggleRow(): Promise<void> {
      const row = selectedPlanRow(state())
      if (!row) return
      const selector = selectorOf(row.package)
      const { except } = state().plan ?? { except: [] }
      const words = new Set([selector, row.package.format])
      const isAsked = except.some((word) => words.has(word))
      if (row.kind === 'excluded' && !isAsked) {
        return context.notify('warning', `It gets no step: ${row.exclusion.reason || row.exclusion.status}.`)
      }
      const before = skippedNow()
      const next = isAsked ? except.filter((word) => !words.has(word)) : [...except, selector]
      await replan({ except: next }, () => changed(before))
    },
    async savePlan(): Promise<void> {
      const { plan } = session
      const { savePlan } = ports
      if (!plan || !savePlan) return
      const file = await context.wait('Saving the plan', false, () => savePlan(plan))
      if (file === undefined) return
      context.notify('ok', `Saved. To run it: ${state().options.program} apply ${shellWord(file)}`)
    },
    openFindings(): void {
      const { plan } = state()
      if (!plan || plan.plan.findings.length === 0) return context.notify('info', 'No check reported anything.')
      const findings = [...plan.plan.findings].sort((a, b) => WEIGHT[b.severity] - WEIGHT[a.severity])
      const { overrides } = plan.plan
      dispatch({ type: 'dialog.opened', dialog: { kind: 'findings', findings, overrides, index: 0, accept: override } })
    },
  }
}

const WEIGHT = { never: 3, block: 2, warn: 1, ok: 0 } as const
