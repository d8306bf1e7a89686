import { durationText } from '../../domain/duration.ts'
import type { HealthSample } from '../../domain/health-sample.ts'
import type { JsonObject } from '../../domain/json.ts'
import type { Probe } from '../../health/probe.ts'
import { runRound } from '../../health/run-round.ts'
import { inconclusive, passed, skipped, unhealthy, type DeployContext, type StageOutcome } from './deploy-context.ts'
import { slotProbes, type SlotSubject } from './slot-probes.ts'

interface Checked {
  readonly sample: HealthSample
  /** Whether it was the same for as many rounds in a row as its check asks for. */
  readonly isSettled: boolean
}

/** One round of every check that can ask a slot: what a way back must not wait longer for. */
export async function checkSlot(context: DeployContext, subject: SlotSubject): Promise<StageOutcome> {
  const { signal } = context
  return judge(context, subject, async (probe) => ({
    sample: await round(context, probe, subject, signal),
    isSettled: true,
  }))
}

/**
 * Every check that can ask a slot, at its own times, until it has passed or failed as often in a row as it says: what
 * has just been started takes its time. One that does neither for as long as a step may take has not passed; it is held
 * against the version only when it still fails.
 */
export async function checkUntilSettled(
  context: DeployContext,
  subject: SlotSubject,
  signal: AbortSignal,
): Promise<StageOutcome> {
  const { clock } = context.parts.platform
  const { timeoutMs } = context.parts.config.rollback
  const endMs = clock.elapsedMs() + timeoutMs
  return judge(context, subject, async (probe) => {
    const { initialDelayMs, intervalMs, successThreshold, failureThreshold } = probe.check
    if (initialDelayMs > 0) await clock.sleep(initialDelayMs, signal)
    for (let before: HealthSample['verdict'] | undefined, row = 0; ;) {
      const sample = await round(context, probe, subject, signal)
      row = sample.verdict === before ? row + 1 : 1
      before = sample.verdict
      if (row >= (sample.verdict === 'passing' ? successThreshold : failureThreshold))
        return { sample, isSettled: true }
      if (clock.elapsedMs() >= endMs) {
        const detail = `not the same for long within ${durationText(timeoutMs)}`
        return { sample: { ...sample, detail }, isSettled: false }
      }
      await clock.sleep(intervalMs, signal)
    }
  })
}

async function round(
  { parts, recorder }: DeployContext,
  probe: Probe,
  { slot }: SlotSubject,
  signal: AbortSignal,
): Promise<HealthSample> {
  const { platform, config } = parts
  const sample = await runRound(probe, { platform, root: config.root }, 0, signal)
  await recorder.emit({ type: 'health.sampled', stage: recorder.view.position, slot, sample })
  return sample
}

async function judge(
  { parts }: DeployContext,
  subject: SlotSubject,
  ask: (probe: Probe) => Promise<Checked>,
): Promise<StageOutcome> {
  const probes = slotProbes(parts.config, subject).filter(({ check }) => check.severity === 'critical')
  if (probes.length === 0) return skipped(`no check can ask ${subject.slot}`)
  const checked = await Promise.all(probes.map(ask))
  const samples = checked.map(({ sample }) => sample)
  const failing = samples.filter(({ verdict }) => verdict === 'failing')
  const [first] = failing
  if (first) return unhealthy(words(failing), evidenceOf(first))
  const [restless] = checked.filter(({ sample, isSettled }) => sample.verdict === 'passing' && !isSettled)
  if (restless) return { ...unhealthy(words([restless.sample]), evidenceOf(restless.sample)), isVersionBad: false }
  const silent = samples.filter(({ verdict }) => verdict === 'unknown')
  if (silent.length > 0) return inconclusive(`could not be asked: ${words(silent)}`)
  return passed(words(samples))
}

function words(samples: readonly HealthSample[]): string {
  return samples.map(({ probe, detail }) => (detail === '' ? probe : `${probe} ${detail}`)).join(', ')
}

function evidenceOf({ probe, detail, at, attempts, evidence }: HealthSample): JsonObject {
  return { kind: 'health_check', check: probe, value: detail, attempts, at, detail: evidence }
}
