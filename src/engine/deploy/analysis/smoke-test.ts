import { otherSlot } from '../../../domain/traffic/traffic.ts'
import { runSmokeTests, smokeTitle } from '../../../validation/smoke-tests.ts'
import { inconclusive, passed, skipped, unhealthy, type DeployContext, type StageOutcome } from '../deploy-context.ts'

/** The smoke tests of the configuration, against the slot while it gets no traffic. */
export async function smokeTest({ parts, recorder }: DeployContext, signal: AbortSignal): Promise<StageOutcome> {
  const { platform, config } = parts
  const { slot, version } = recorder.view.plan
  const { slots } = config.health
  const copies = { ...slots, preview: slots[slot] ?? slots.preview, active: otherSlot(slot) }
  if (config.validation.smokeTests === null) return skipped('no smoke test is configured')
  const results = await runSmokeTests({ platform, config, copies, target: { version }, signal })
  if (results.length === 0) return skipped(`no smoke test can ask ${version}`)
  const failed = results.find(({ verdict }) => verdict === 'failing')
  if (failed) {
    const { detail } = failed
    const value = smokeTitle(version, failed)
    return unhealthy(`${value}. ${detail}`, { kind: 'smoke_test', value, at: platform.clock.now(), detail })
  }
  const silent = results.find(({ verdict }) => verdict === 'unknown')
  if (silent) return inconclusive(`${smokeTitle(version, silent)}. ${silent.detail}`)
  return passed(results.map(({ what }) => what).join(', '))
}
