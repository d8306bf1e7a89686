import { durationText } from '../domain/text/duration.ts'
import type { TcpCheck } from '../domain/health/health-check.ts'
import type { Platform } from '../platform/platform.ts'
import { judgeError } from './judge-error.ts'
import type { Answer } from './probe.ts'

/** One connection, opened and closed again. Never throws for what the other side does. */
export async function probeTcp(
  { host, port, timeoutMs }: TcpCheck,
  { clock, reach }: Platform,
  signal: AbortSignal,
): Promise<Answer> {
  const asked = `connect ${host}:${port}`
  const startMs = clock.elapsedMs()
  try {
    await reach({ host, port, timeoutMs }, signal)
    const latencyMs = clock.elapsedMs() - startMs
    const evidence = `${asked}\nconnected in ${Math.round(latencyMs)} ms`
    return { verdict: 'passing', latencyMs, detail: 'connected', evidence }
  } catch (error) {
    if (signal.aborted) throw error
    const { verdict, detail } = judgeError(error, durationText(timeoutMs))
    return { verdict, latencyMs: clock.elapsedMs() - startMs, detail, evidence: `${asked}\n${detail}` }
  }
}
