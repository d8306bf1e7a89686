import { runSmokeTests } from '../../validation/smoke-tests.ts'
import { passed, skipped, unhealthy, type DeployContext, type StageOutcome } from './deploy-context.ts'
import { otherSlot } from '../../domain/traffic.ts'

/** The smoke tests of the configuration, against the slot while it gets no traffic. */
export async function smokeTest({ parts, recorder }: DeployContext, signal: AbortSignal): Promise<StageOutcome> {
  const { platform, config } = parts
  const { slot, version } = recorder.view.plan
  const { slots } = config.health
  const copies = { ...slots, preview: slots[slot] ?? slots.preview, active: otherSlot(slot) }
  const findings = await runSmokeTests({ platform, config, copies, target: { version }, signal })
  const failed = findings.find(({ severity }) => severity === 'block')
  if (failed) {
    const at = platform.clock.now()
    return unhealthy(`${failed.title}. ${failed.detail}`, {
      kind: 'smoke_test',
      value: failed.title,
      at,
      detail: failed.detail,
    })
  }
  if (findings.length === 0) return skipped('no smoke test is configured')
  const [first] = findings
  return first?.severity === 'ok' ? passed(first.detail) : skipped(first?.title ?? '')
}
