import { durationText } from '../domain/duration.ts'
import type { CommandCheck } from '../domain/health-check.ts'
import type { Platform } from '../platform/platform.ts'
import { judgeError } from './judge-error.ts'
import type { Answer } from './probe.ts'
import { printedText } from '../platform/printed-text.ts'

/** Of what it printed, in the evidence: the end says most. */
const SHOWN_CHARACTERS = 1000
/** What a shell ends with when it cannot run, or not find, what it was told to. */
const NOT_RUN: ReadonlySet<number> = new Set([126, 127])

/**
 * One run in the folder `cwd`; 0 passes. It and whatever it started are gone afterwards. Never throws for what the
 * command does.
 */
export async function askCommand(
  { words, timeoutMs }: Pick<CommandCheck, 'words' | 'timeoutMs'>,
  { clock, exec }: Platform,
  cwd: string,
  signal: AbortSignal,
): Promise<Answer> {
  const [file = '', ...args] = words
  const asked = `$ ${words.join(' ')}`
  const startMs = clock.elapsedMs()
  try {
    const result = await exec({ file, args, cwd, timeoutMs }, signal)
    const latencyMs = clock.elapsedMs() - startMs
    const hasRun = file !== 'sh' || !NOT_RUN.has(result.exitCode)
    return {
      verdict: result.exitCode === 0 ? 'passing' : hasRun ? 'failing' : 'unknown',
      latencyMs,
      detail: `exit ${result.exitCode}`,
      evidence:
        `${asked}\nexit ${result.exitCode} in ${Math.round(latencyMs)} ms\n${printedText(result, SHOWN_CHARACTERS)}`.trimEnd(),
    }
  } catch (error) {
    if (signal.aborted) throw error
    const { verdict, detail } = judgeError(error, durationText(timeoutMs))
    return { verdict, latencyMs: clock.elapsedMs() - startMs, detail, evidence: `${asked}\n${detail}` }
  }
}
