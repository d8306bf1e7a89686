import { blockingFindings } from '../src/domain/plan.ts'
import type { RollbackRequest } from '../src/engine/engine.ts'
import type { CommandContext } from './command-context.ts'
import { shellWord } from './command-line.ts'
import type { PlanState } from './state.ts'
import { safe } from './safe.ts'
import { liveDeployment } from './selectors.ts'

type Request = Pick<PlanState, 'target' | 'except' | 'overrides' | 'incident'>

/** From a target to a plan that can be walked through. Reads registries, changes nothing. */
export function planningCommands(context: CommandContext) {
  const { engine, dispatch, state, ports, session } = context

  async function openPlan(request: Request): Promise<boolean> {
    const plan = await context.wait('Reading every registry, then planning', true, (signal) =>
      engine.plan(
        {
          target: request.target,
          only: [],
          except: request.except,
          reason: '',
          incident: request.incident,
          overrides: request.overrides,
        },
        signal,
      ),
    )
    if (!plan) return false
    session.plan = plan
    session.approvedPlan = undefined
    const shown = safe(plan)
    dispatch({ type: 'plan.made', plan: shown, request })
    return true
  }

  async function replan(change: Partial<Request>, said: string): Promise<void> {
    const { plan } = state()
    if (!plan) return
    if (await openPlan({ ...plan, ...change })) {
      context.open('plan')
      context.say('info', said)
    }
  }

  return {
    /** As the command line asked for it; registries outside of `--only` are left out one by one. */
    async openRequest({ target, only, except, overrides, incident, reason }: RollbackRequest): Promise<void> {
      session.reason = reason
      const packages = only.length === 0 ? [] : (liveDeployment(state())?.packages ?? [])
      const others = packages
        .map(({ format, registry }) => ({ format, word: `${format}:${registry}` }))
        .filter(({ format, word }) => !only.includes(format) && !only.includes(word))
      const request = { target, except: [...except, ...others.map(({ word }) => word)], overrides, incident }
      if (await openPlan(request)) context.open('plan')
    },
    /** What a trigger has asked for: planned already, to be walked through like any other plan. */
    openProposal(): void {
      const plan = session.proposal
      if (!plan) return
      session.reason = plan.reason
      session.plan = plan
      session.approvedPlan = undefined
      const request = { target: plan.to, except: [], overrides: [], incident: plan.incident }
      dispatch({ type: 'plan.made', plan: safe(plan), request })
      context.open('plan')
    },
    async openPlan(target: string): Promise<void> {
      session.reason = ''
      if (await openPlan({ target, except: [], overrides: [], incident: '' })) context.open('plan')
    },
    /** Plans again without the registry of a step; a second time puts it back. */
    async toggleStep(selector: string): Promise<void> {
      const except = state().plan?.except ?? []
      const isOut = except.includes(selector)
      await replan(
        { except: isOut ? except.filter((one) => one !== selector) : [...except, selector] },
        isOut ? `${selector} is in the plan again.` : `${selector} is left out. e on it puts it back.`,
      )
    },
    async restoreSteps(): Promise<void> {
      await replan({ except: [] }, 'Every registry is in the plan again.')
    },
    async setOverrides(overrides: readonly string[]): Promise<void> {
      await replan({ overrides }, overrides.length === 0 ? 'No check is overridden.' : 'Overrides need a reason.')
    },
    async savePlan(): Promise<void> {
      const { plan } = session
      const { savePlan } = ports
      if (!plan || !savePlan) return
      const file = await context.wait('Saving the plan', false, () => savePlan(plan))
      if (file === undefined) return
      context.say('ok', `Saved. To run it: ${state().options.program} apply ${shellWord(file)}`)
    },
    openFindings(): void {
      const { plan } = state()
      if (!plan || plan.plan.findings.length === 0) return context.say('info', 'No check had anything to say.')
      const findings = [...plan.plan.findings].sort((a, b) => WEIGHT[b.severity] - WEIGHT[a.severity])
      dispatch({ type: 'dialog.opened', dialog: { kind: 'findings', findings, overrides: plan.overrides, index: 0 } })
    },
    /** The dialog before anything moves. */
    confirmRun(): void {
      const { plan, overview } = state()
      if (!plan || blockingFindings(plan.plan).length > 0) return
      const { steps } = plan.plan
      const oneWay = steps.filter(({ reversibility }) => reversibility === 'one-way')
      const warned = plan.plan.findings.filter(({ severity }) => severity === 'warn')
      dispatch({
        type: 'dialog.opened',
        dialog: {
          kind: 'confirm',
          title: `Roll back ${plan.plan.environment.toUpperCase()}`,
          facts: [
            `${plan.plan.app}   ${plan.plan.from}  →  ${plan.plan.to}      plan ${plan.plan.id.slice(-6)} · ${steps.length} ${steps.length === 1 ? 'step' : 'steps'}`,
          ],
          warnings: [
            ...oneWay.map(({ package: one }) => `cannot be undone: ${one.format} ${one.name}`),
            ...warned.map(({ title }) => title),
            ...plan.overrides.map((code) => `check ${code} is overridden`),
          ].slice(0, 4),
          reasonMode: overview?.requiresReason === true || plan.overrides.length > 0 ? 'required' : 'optional',
          reason: session.reason,
          expected: plan.plan.to,
          typed: '',
          label: 'Roll back',
          focus: 'cancel',
          deed: { kind: 'run' },
          lastKeyMs: ports.elapsedMs(),
        },
      })
    },
  }
}

const WEIGHT = { never: 3, block: 2, warn: 1, ok: 0 } as const
