import { sanitize } from '../../domain/text/sanitize.ts'
import { BagboyError } from '../../errors/bagboy-error.ts'
import { readProjectGit } from '../../git/project-git.ts'
import type { Platform } from '../../platform/platform.ts'

const TIMEOUT_MS = 10_000

/** The commit that is checked out and the tags on it; empty where git has no answer. */
export async function readGitHead(
  platform: Platform,
  cwd: string,
  signal: AbortSignal,
): Promise<{ readonly commit: string; readonly tags: readonly string[] }> {
  const ask = asking(platform, cwd, signal)
  const commit = await ask('rev-parse', 'HEAD')
  const tags = commit === '' ? '' : await ask('tag', '--points-at', 'HEAD')
  return { commit, tags: tags.split('\n').filter((tag) => tag !== '') }
}

/**
 * The full name of a commit that is given in any way git takes: short, a tag, a branch, HEAD. As it is given where there is
 * no checkout to ask. @throws USAGE when the checkout has no such commit
 */
export async function resolveCommit(
  platform: Platform,
  cwd: string,
  text: string,
  signal: AbortSignal,
): Promise<string> {
  const ask = asking(platform, cwd, signal)
  if (!(await isCheckout(ask))) return text
  const commit = await ask('rev-parse', '--verify', '--quiet', '--end-of-options', `${text}^{commit}`)
  if (/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/u.test(commit)) return commit
  const isShallow = (await ask('rev-parse', '--is-shallow-repository')) === 'true'
  throw new BagboyError('USAGE', `--commit ${sanitize(text, 80)} is no commit of this checkout.`, {
    hint: isShallow
      ? 'The checkout is shallow. Fetch the commit first: git fetch --depth=1 origin COMMIT'
      : 'Fetch it first (git fetch --tags), or omit --commit to record what is checked out.',
  })
}

/** Without git there is no checkout either. */
async function isCheckout(ask: ReturnType<typeof asking>): Promise<boolean> {
  try {
    return (await ask('rev-parse', '--is-inside-work-tree')) === 'true'
  } catch (error) {
    if (error instanceof BagboyError && error.code === 'REGISTRY_UNREACHABLE') return false
    throw error
  }
}

function asking(platform: Platform, cwd: string, signal: AbortSignal) {
  return async (...args: readonly string[]): Promise<string> => {
    const { exitCode, stdout } = await readProjectGit(platform, { args, cwd, timeoutMs: TIMEOUT_MS }, signal)
    return exitCode === 0 ? new TextDecoder().decode(stdout).trim() : ''
  }
}
