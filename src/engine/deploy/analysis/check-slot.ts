import { durationText } from '../../../domain/text/duration.ts'
import type { Startup } from '../../../domain/health/health-check.ts'
import type { HealthSample } from '../../../domain/health/health-sample.ts'
import type { JsonObject } from '../../../domain/text/json.ts'
import type { Probe } from '../../../health/probe.ts'
import { runRound } from '../../../health/run-round.ts'
import { inconclusive, passed, skipped, unhealthy, type DeployContext, type StageOutcome } from '../deploy-context.ts'
import { slotProbes, type SlotSubject } from './slot-probes.ts'

const NO_TIME: Startup = { timeoutMs: 0, intervalMs: 0 }

interface Checked {
  readonly sample: HealthSample
  /** Whether it was the same for as many rounds in a row as its check requires. */
  readonly isSettled: boolean
}

/** One round of every check that can probe a slot: the longest wait of a way back. */
export async function checkSlot(context: DeployContext, subject: SlotSubject): Promise<StageOutcome> {
  const { signal } = context
  return judge(context, subject, async (probe) => ({
    sample: await round(context, probe, subject, signal),
    isSettled: true,
  }))
}

/**
 * Every check that can probe a slot, at its own intervals, until it has passed or failed as often in a row as it
 * requires. A new deploy gets its time to start first: until a round passes, or that time is over, no round counts. A
 * check that neither passes nor fails within the time of a step has not passed; it counts against the version only when
 * it still fails.
 */
export async function checkUntilSettled(
  context: DeployContext,
  subject: SlotSubject,
  signal: AbortSignal,
): Promise<StageOutcome> {
  const { clock } = context.parts.platform
  const { timeoutMs } = context.parts.config.rollback
  return judge(context, subject, async (probe) => {
    const { initialDelayMs, intervalMs, successThreshold, failureThreshold } = probe.check
    if (initialDelayMs > 0) await clock.sleep(initialDelayMs, signal)
    const first = await untilStarted(context, probe, subject, signal)
    const endMs = clock.elapsedMs() + timeoutMs
    for (let sample = first, row = 1; ;) {
      if (row >= (sample.verdict === 'passing' ? successThreshold : failureThreshold))
        return { sample, isSettled: true }
      if (clock.elapsedMs() >= endMs) {
        const detail = `not the same for long within ${durationText(timeoutMs)}`
        return { sample: { ...sample, detail }, isSettled: false }
      }
      await clock.sleep(intervalMs, signal)
      const next = await round(context, probe, subject, signal)
      row = next.verdict === sample.verdict ? row + 1 : 1
      sample = next
    }
  })
}

/** The first round that counts: one that passes, or the last one within the time a new slot has to start. */
async function untilStarted(
  context: DeployContext,
  probe: Probe,
  subject: SlotSubject,
  signal: AbortSignal,
): Promise<HealthSample> {
  const { parts, recorder } = context
  const { clock } = parts.platform
  const isNew = recorder.view.plan.kind === 'deploy'
  const { timeoutMs, intervalMs } = (isNew ? (probe.check.startup ?? parts.config.blueGreen?.startup) : null) ?? NO_TIME
  const endMs = clock.elapsedMs() + timeoutMs
  for (;;) {
    const asked = await askOnce(context, probe, signal)
    // Waiting does not help a check that cannot run on this machine.
    const mayStart = asked.verdict !== 'passing' && probe.problem === '' && clock.elapsedMs() + intervalMs < endMs
    if (!mayStart) {
      const hadTime = isNew && timeoutMs > 0 && asked.verdict === 'failing'
      const detail = hadTime ? `${asked.detail}, not started within ${durationText(timeoutMs)}` : asked.detail
      return sampled(context, subject, { ...asked, detail })
    }
    await sampled(context, subject, { ...asked, detail: `starting: ${asked.detail}` })
    await clock.sleep(intervalMs, signal)
  }
}

async function round(
  context: DeployContext,
  probe: Probe,
  subject: SlotSubject,
  signal: AbortSignal,
): Promise<HealthSample> {
  return sampled(context, subject, await askOnce(context, probe, signal))
}

async function askOnce({ parts }: DeployContext, probe: Probe, signal: AbortSignal): Promise<HealthSample> {
  const { platform, config } = parts
  return runRound(probe, { platform, root: config.root }, 0, signal)
}

async function sampled(
  { recorder }: DeployContext,
  { slot }: SlotSubject,
  sample: HealthSample,
): Promise<HealthSample> {
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
