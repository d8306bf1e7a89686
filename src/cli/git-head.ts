import { readProjectGit } from '../git/project-git.ts'
import type { Platform } from '../platform/platform.ts'

const TIMEOUT_MS = 10_000

/** The commit that is checked out and the tag on it; empty where git has no answer. */
export async function readGitHead(
  platform: Platform,
  cwd: string,
  signal: AbortSignal,
): Promise<{ readonly commit: string; readonly tag: string }> {
  const ask = async (...args: readonly string[]) => {
    const { exitCode, stdout } = await readProjectGit(platform, { args, cwd, timeoutMs: TIMEOUT_MS }, signal)
    return exitCode === 0 ? new TextDecoder().decode(stdout).trim() : ''
  }
  return {
    commit: await ask('rev-parse', 'HEAD'),
    tag: await ask('describe', '--tags', '--exact-match', 'HEAD'),
  }
}
