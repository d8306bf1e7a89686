import type { HealthSample } from '../domain/health/health-sample.ts'
import type { PinnedVersion } from '../domain/plan.ts'
import { bareVersion } from '../domain/version.ts'
import { isSlot, otherSlot } from '../domain/traffic/traffic.ts'
import { planProbes } from '../health/plan-probes.ts'
import type { Probe } from '../health/probe.ts'
import { runRound } from '../health/run-round.ts'
import type { FindingDraft, TargetContext } from './target-context.ts'

const CODE = 'V32'

/**
 * Runs the health checks of the slot that is to get the traffic: a slot that fails them must not get it. Changes
 * nothing.
 */
export async function checkSlotHealth(
  slot: string,
  { version }: PinnedVersion,
  { config, platform, signal }: Pick<TargetContext, 'config' | 'platform' | 'signal'>,
): Promise<readonly FindingDraft[]> {
  if (!isSlot(slot)) return []
  const bare = bareVersion(version)
  const values = { app: config.app, environment: config.environment, version: bare, target_version: bare }
  const copies = { ...config.health.slots, active: otherSlot(slot) }
  const probes = planProbes(config.health.checks, copies, { role: 'target', version: bare, values }).filter(
    (probe) => probe.target === slot && probe.check.severity === 'critical',
  )
  const health = { platform, root: config.root }
  const samples = await Promise.all(
    probes.map(async (probe) => ({ probe, sample: await runRound(probe, health, 0, signal) })),
  )
  const bad = samples.filter(({ sample }) => sample.verdict !== 'passing')
  if (bad.length > 0) return bad.map(({ probe, sample }) => badFinding(slot, version, probe, sample))
  if (probes.length === 0) return []
  return [
    {
      code: CODE,
      severity: 'ok',
      title: `${slot} answers as it should`,
      detail: probes.map(({ id }) => id).join(', '),
      remedy: '',
    },
  ]
}

function badFinding(slot: string, version: string, { id }: Probe, { verdict, detail }: HealthSample): FindingDraft {
  if (verdict === 'unknown') {
    return {
      code: CODE,
      severity: 'warn',
      title: `${slot} could not be asked: ${id}`,
      detail,
      remedy: 'That says nothing about it. Ask it yourself before you send users to it.',
    }
  }
  return {
    code: CODE,
    severity: 'block',
    title: `${slot}, which runs ${version}, fails its own checks: ${id}`,
    detail,
    remedy: `Repair it first, leave the traffic out (--except traffic), or insist with --override ${CODE} --reason TEXT.`,
  }
}
