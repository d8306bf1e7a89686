import { durationText } from '../domain/text/duration.ts'
import type { CommandCheck } from '../domain/health/health-check.ts'
import type { Platform } from '../platform/platform.ts'
import { fillSecrets } from '../platform/fill-secrets.ts'
import { judgeError } from './judge-error.ts'
import type { Answer } from './probe.ts'
import { printedText } from '../platform/printed-text.ts'

/** Of what it printed, in the evidence: the end says most. */
const SHOWN_CHARACTERS = 1000
/**
 * What shells, env, timeout, nohup, xargs and container engines end with when they cannot run, or not find, what they
 * were told to: POSIX, Shell & Utilities, 2.8.2.
 */
const NOT_RUN: ReadonlyMap<number, string> = new Map([
  [126, 'what it names cannot be run'],
  [127, 'what it names was not found'],
])

/**
 * One run in the folder `cwd`, in the user's environment with the changes of `env`; 0 passes. It and everything it started
 * are gone afterwards. Never throws for what the command does.
 */
export async function probeCommand(
  { words, env, timeoutMs }: Pick<CommandCheck, 'words' | 'env' | 'timeoutMs'>,
  platform: Platform,
  cwd: string,
  signal: AbortSignal,
): Promise<Answer> {
  const { clock, exec } = platform
  const asked = `$ ${words.join(' ')}`
  let startMs = clock.elapsedMs()
  try {
    const [file = '', ...args] = await Promise.all(words.map((word) => fillSecrets(word, platform)))
    const variables = await filledVariables(env, platform)
    startMs = clock.elapsedMs()
    const result = await exec({ file, args, cwd, timeoutMs, env: variables, inherits: 'user' }, signal)
    const latencyMs = clock.elapsedMs() - startMs
    const notRun = NOT_RUN.get(result.exitCode)
    return {
      verdict: result.exitCode === 0 ? 'passing' : notRun === undefined ? 'failing' : 'unknown',
      latencyMs,
      detail: notRun === undefined ? `exit ${result.exitCode}` : `exit ${result.exitCode}: ${notRun}`,
      evidence:
        `${asked}\nexit ${result.exitCode} in ${Math.round(latencyMs)} ms\n${printedText(result, SHOWN_CHARACTERS, platform.secrets)}`.trimEnd(),
    }
  } catch (error) {
    if (signal.aborted) throw error
    const { verdict, detail } = judgeError(error, durationText(timeoutMs))
    return { verdict, latencyMs: clock.elapsedMs() - startMs, detail, evidence: `${asked}\n${detail}` }
  }
}

async function filledVariables(
  env: CommandCheck['env'],
  platform: Platform,
): Promise<Readonly<Record<string, string | null>>> {
  const filled = Object.entries(env).map(
    async ([name, value]) => [name, value === null ? null : await fillSecrets(value, platform)] as const,
  )
  return Object.fromEntries(await Promise.all(filled))
}
