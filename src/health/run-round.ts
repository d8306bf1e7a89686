import type { HealthSample } from '../domain/health/health-sample.ts'
import type { Platform } from '../platform/platform.ts'
import { probeCommand } from './probe-command.ts'
import { probeHttp } from './probe-http.ts'
import { probeTcp } from './probe-tcp.ts'
import type { Answer, Probe } from './probe.ts'

export interface HealthContext {
  readonly platform: Platform
  /** The folder `bagboy.yaml` stands in: commands run there. */
  readonly root: string
}

/** Between two tries of a round. */
const RETRY_PAUSE_MS = 250

/**
 * One try and, until one passes, the check's retries. A round fails when the application was asked and no try passed;
 * it is unknown when it could not be asked at all.
 */
export async function runRound(
  probe: Probe,
  context: HealthContext,
  lateMs: number,
  signal: AbortSignal,
): Promise<HealthSample> {
  const { clock } = context.platform
  const at = clock.now()
  let deciding = await probeOnce(probe, context, signal)
  let attempts = 1
  while (deciding.verdict !== 'passing' && attempts <= probe.check.retries && probe.problem === '') {
    await clock.sleep(RETRY_PAUSE_MS, signal)
    const answer = await probeOnce(probe, context, signal)
    attempts += 1
    if (answer.verdict !== 'unknown' || deciding.verdict === 'unknown') deciding = answer
  }
  const { timeoutMs } = probe.check
  return { probe: probe.id, at, atMs: clock.elapsedMs(), lateMs, ...deciding, timeoutMs, attempts }
}

function probeOnce(
  { id, check, problem }: Probe,
  { platform, root }: HealthContext,
  signal: AbortSignal,
): Promise<Answer> {
  if (problem !== '') {
    return Promise.resolve({ verdict: 'unknown', latencyMs: 0, detail: problem, evidence: problem })
  }
  switch (check.kind) {
    case 'http':
      return probeHttp(check, { platform, root, pool: id }, signal)
    case 'command':
      return probeCommand(check, platform, root, signal)
    case 'tcp':
      return probeTcp(check, platform, signal)
  }
}
