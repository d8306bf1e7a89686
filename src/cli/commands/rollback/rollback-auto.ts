import type { RollbackPlan } from '../../../domain/plan.ts'
import type { Engine } from '../../../engine/engine.ts'
import type { WatchOutcome } from '../../../engine/watch/watch.ts'
import { BagboyError, fromErrorReport } from '../../../errors/bagboy-error.ts'
import { EXIT } from '../../../errors/codes.ts'
import { createCliApprover } from '../../questions/approver.ts'
import { requireTrusted } from '../../../trust/require-trusted.ts'
import type { Invocation } from '../../command.ts'
import { confirm } from '../../questions/confirm.ts'
import { createCountdown } from '../../questions/countdown.ts'
import { followRun } from '../../follow/follow-run.ts'
import { printWatch } from '../../follow/print-watch.ts'
import { healthReport, renderHealth } from '../../../view/health/health-lines.ts'
import { renderPlan } from '../../../view/run/plan-lines.ts'

/** Decides by health and acts on it: once, or with `--watch` each time a trigger fires. */
export async function runRollbackAuto(invocation: Invocation): Promise<number> {
  const { options, ports, args } = invocation
  refuseTargets(args, invocation)
  const { engine, config } = await invocation.open()
  requireTrusted(await engine.trust(), 'The automatic rollback')
  if (config.health.triggers.length === 0) {
    throw new BagboyError('HEALTH_NOT_CONFIGURED', `${config.file} names no trigger.`, {
      hint: 'Say when a release is bad: deployment.rollback.auto_trigger, as in "- health_check_failures: 3".',
    })
  }
  const handle = engine.watch(
    {
      until: options.isSet('watch') ? 'stopped' : 'decided',
      mode: config.health.auto.mode ?? 'auto',
      hasOperator: ports.stdin.isTerminal && ports.stderr.isTerminal && !options.isSet('yes'),
      endsWithDecision: true,
      reason: options.text('reason'),
      incident: options.text('incident'),
      ...boundOf(invocation, config.health.analysis.windowMs),
    },
    createCliApprover(invocation),
  )
  const countdown = createCountdown(invocation, handle)
  const outcome = await printWatch(handle, invocation, { onEvent: countdown.onEvent })
  return conclude(outcome, engine, invocation)
}

async function conclude({ result, view }: WatchOutcome, engine: Engine, invocation: Invocation): Promise<number> {
  const { output, interruption } = invocation
  switch (result.kind) {
    case 'approved':
      return followRun(engine.attach(result.plan.id), invocation)
    case 'proposed':
      return propose(result.plan, result.why, engine, invocation)
    case 'refused':
      throw fromErrorReport(result.error)
    case 'vetoed':
      throw new BagboyError('AUTO_VETOED', 'Stopped during the countdown: nothing was changed.', {
        hint: 'To roll back yourself: bagboy-tui rollback',
      })
    case 'inconclusive':
      throw new BagboyError(
        'HEALTH_INCONCLUSIVE',
        `The health is inconclusive, so nothing is rolled back. ${result.why}`,
        {
          hint: 'Check that the checks and metric sources can be reached from here: bagboy-tui health',
        },
      )
    case 'judged':
      return reportJudged(result, view, invocation)
    case 'quiet':
      if (output.format !== 'ndjson') {
        await output.answer({ result: 'nothing-to-do', exitCode: EXIT.ok, ...healthReport(view) }, () => [
          ...renderHealth(view),
          '',
          'Nothing to do: no trigger is met.',
        ])
      }
      return EXIT.ok
    case 'stopped':
      return interruption.exitCode() ?? EXIT.aborted
  }
}

/** The longest time that a watch takes. @throws USAGE */
function boundOf({ options }: Invocation, windowMs: number): { readonly forMs?: number } {
  const forMs = options.duration('for', '--for')
  const untilHealthy = options.isSet('untilHealthy')
  if (forMs === undefined && !untilHealthy) return {}
  if (!options.isSet('watch')) throw new BagboyError('USAGE', '--for and --until-healthy are only for --watch.')
  if (forMs !== undefined && untilHealthy) {
    throw new BagboyError('USAGE', '--for and --until-healthy exclude each other.', { hint: 'Give one of them.' })
  }
  return { forMs: forMs ?? windowMs }
}

type Judged = Extract<WatchOutcome['result'], { kind: 'judged' }>

/** The time of a bounded watch is over and no trigger was met: the verdict about the version decides the exit code. */
async function reportJudged(
  { verdict, why }: Judged,
  view: WatchOutcome['view'],
  { output }: Invocation,
): Promise<number> {
  if (verdict === 'unknown') {
    throw new BagboyError('HEALTH_INCONCLUSIVE', `The time is over, and the health is inconclusive. ${why}`, {
      hint: 'Check that the checks and metric sources can be reached from here: bagboy-tui health',
    })
  }
  const exitCode = verdict === 'healthy' ? EXIT.ok : EXIT.unhealthy
  const line =
    verdict === 'healthy' ? 'Healthy for the whole time; no trigger was met.' : `No trigger was met, but: ${why}`
  if (output.format !== 'ndjson') {
    await output.answer({ result: verdict, exitCode, ...healthReport(view) }, () => [...renderHealth(view), '', line])
  }
  return exitCode
}

/** Asks at the terminal whether the proposed plan shall run. */
async function propose(plan: RollbackPlan, why: string, engine: Engine, invocation: Invocation): Promise<number> {
  const { output, ports } = invocation
  output.note(...renderPlan(plan, output.columns))
  if (!ports.stdin.isTerminal || !ports.stderr.isTerminal) throw notApproved(plan, why)
  await confirm(invocation, `Roll back from ${plan.from} to ${plan.to}?`)
  return followRun(engine.run(plan, createCliApprover(invocation)), invocation)
}

function notApproved({ from, to }: RollbackPlan, why: string): BagboyError {
  const hint = `Review it and run it: bagboy-tui rollback ${to}`
  if (why !== '') return new BagboyError('AUTO_SUPPRESSED', `${from} → ${to} is only proposed: ${why}.`, { hint })
  return new BagboyError('APPROVAL_MISSING', `${from} → ${to} is proposed, and there is no terminal to ask on.`, {
    hint,
  })
}

function refuseTargets(args: readonly string[], { options }: Invocation): void {
  const given = ['version', 'only', 'except', 'override', 'planOut', 'dryRun'].find((name) => options.isSet(name))
  if (args.length === 0 && given === undefined) return
  throw new BagboyError('USAGE', '--auto decides by itself what to roll back to.', {
    hint: 'Give either --auto or a target, a selection and overrides. To rehearse: rollback --dry-run',
  })
}
