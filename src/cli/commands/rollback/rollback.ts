import { blockingFindings, type RollbackPlan } from '../../../domain/plan.ts'
import { BagboyError } from '../../../errors/bagboy-error.ts'
import { EXIT } from '../../../errors/codes.ts'
import { createCliApprover } from '../../questions/approver.ts'
import { requireTrusted } from '../../../trust/require-trusted.ts'
import type { Invocation } from '../../command.ts'
import { confirm } from '../../questions/confirm.ts'
import { noteForeign } from '../../questions/takeover.ts'
import { followRun } from '../../follow/follow-run.ts'
import { writePlanFile } from '../../requests/plan-file.ts'
import { renderAutomatic } from '../../../view/health/automatic-lines.ts'
import { renderFindings } from '../../../view/run/finding-lines.ts'
import { renderExclusions, renderPlan } from '../../../view/run/plan-lines.ts'
import { readRequest } from '../../requests/rollback-request.ts'
import { renderTarget } from '../../../view/run/target-line.ts'
import { canOpenScreen } from '../../can-open-screen.ts'

export async function runRollback(invocation: Invocation): Promise<number> {
  const { options, output, interruption } = invocation
  if (options.isSet('auto')) return (await import('./rollback-auto.ts')).runRollbackAuto(invocation)
  const auto = [
    ['watch', '--watch'],
    ['for', '--for'],
    ['untilHealthy', '--until-healthy'],
  ] as const
  const given = auto.find(([name]) => options.isSet(name))
  if (given) throw new BagboyError('USAGE', `${given[1]} is only for --auto.`)
  const request = readRequest(invocation)
  if (opensApp(invocation)) return invocation.launch({ rollback: request, isDemo: false })
  const { engine } = await invocation.open()
  const isLooking = options.isSet('dryRun') || (options.isSet('planOut') && !options.isSet('yes'))
  if (!isLooking) requireTrusted(await engine.trust(), 'The rollback')
  await noteForeign(engine, invocation)
  const plan = await engine.plan(request, interruption.signal)
  output.note(renderTarget(plan, await engine.overview(), request.target))
  noteUnusedOverrides(plan, invocation)
  await savePlan(plan, invocation)
  if (options.isSet('dryRun')) return showPlan(plan, invocation)
  requireUnblocked(plan, invocation)
  if (plan.steps.length === 0) return reportNothing(plan, invocation)
  if (!options.isSet('yes')) output.note(...renderPlan(plan, output.columns))
  if (options.isSet('planOut') && !options.isSet('yes')) return EXIT.ok
  const otherwise = 'Add --yes to run it, --dry-run to review it, or --plan-out FILE to save it.'
  await confirm(invocation, `Roll back from ${plan.from} to ${plan.to}?`, otherwise)
  return followRun(engine.run(plan, createCliApprover(invocation)), invocation)
}

/** Says which overrides had no effect because their finding is gone. */
function noteUnusedOverrides({ overrides, findings }: RollbackPlan, { output }: Invocation): void {
  for (const code of overrides.filter((one) => !findings.some((finding) => finding.code === one))) {
    output.note({
      text: `${code} is not among the findings of this plan: its override has no effect.`,
      tone: 'warning',
    })
  }
}

/** At a terminal, a rollback without further options is decided in the app. */
function opensApp({ options, ports, output }: Invocation): boolean {
  const isHeadless = options.isSet('yes') || options.isSet('dryRun') || options.isSet('planOut')
  return !isHeadless && output.format === 'table' && canOpenScreen(ports)
}

async function savePlan(plan: RollbackPlan, { options, platform, projectOptions, output }: Invocation): Promise<void> {
  if (!options.isSet('planOut')) return
  const file = await writePlanFile(platform, projectOptions.cwd, options.text('planOut'), plan)
  output.note(`Plan saved. Run it with: bagboy-tui apply ${file}`)
}

async function showPlan(plan: RollbackPlan, { options, output, open }: Invocation): Promise<number> {
  await output.answer(plan, (columns) => renderPlan(plan, columns))
  output.note(...renderAutomatic((await open()).config.health))
  output.note({ text: 'Dry run: nothing was written.', tone: 'dim' })
  if (blockingFindings(plan).length > 0) return EXIT.refused
  return options.isSet('detailedExitcode') && plan.steps.length > 0 ? EXIT.changesPending : EXIT.ok
}

function requireUnblocked(plan: RollbackPlan, { output }: Invocation): void {
  const blocking = blockingFindings(plan)
  if (blocking.length === 0) return
  output.note(...renderPlan(plan, output.columns))
  const codes = blocking.filter(({ severity }) => severity === 'block').map(({ code }) => code)
  const never = blocking.find(({ severity }) => severity === 'never')
  throw new BagboyError('VALIDATION_FAILED', blocking.map(({ code, title }) => `${code} ${title}`).join('; '), {
    hint: never ? never.remedy : `To insist: --override ${[...new Set(codes)].join(',')} --reason TEXT`,
    details: blocking.map(({ code }) => code),
  })
}

async function reportNothing(plan: RollbackPlan, { output }: Invocation): Promise<number> {
  const document = { schema: 1, result: 'nothing-to-do', exitCode: EXIT.ok, plan }
  const line = `Nothing to do: no registry of this plan serves anything other than ${plan.to}.`
  output.note(...renderFindings(plan.findings, plan.overrides))
  // A stream of events stays empty: no run took place.
  if (output.format === 'ndjson') output.note(line)
  else await output.answer(document, () => [...renderExclusions(plan), '', line])
  return EXIT.ok
}
