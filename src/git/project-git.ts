import type { ExecResult, Platform } from '../platform/platform.ts'
import { configuration, FIXED_ENVIRONMENT, NO_LAZY_FETCH, NO_PROGRAMS, type GitSetting } from './git-environment.ts'

export interface ProjectGitRequest {
  readonly args: readonly string[]
  /** A folder of the project. */
  readonly cwd: string
  readonly timeoutMs: number
  readonly settings?: readonly GitSetting[]
}

/**
 * Keys under which a repository's own configuration names programs, each with what git has without it: the `.git` of a
 * folder that was copied or unpacked is a stranger's as its files are.
 */
const PLAIN: readonly GitSetting[] = [
  ...NO_PROGRAMS,
  ['core.sshCommand', 'ssh'],
  ['gpg.program', 'gpg'],
  ['gpg.openpgp.program', 'gpg'],
  ['gpg.x509.program', 'gpgsm'],
  ['gpg.ssh.program', 'ssh-keygen'],
  ['gpg.ssh.defaultKeyCommand', ''],
]

/**
 * Reads the repository the project stands in. Git checks whose it is; nothing its configuration names is run, and
 * nothing is fetched: what is not there is missing.
 * @throws REGISTRY_TIMEOUT, REGISTRY_UNREACHABLE without git
 */
export function readProjectGit(
  { exec }: Pick<Platform, 'exec'>,
  { args, cwd, timeoutMs, settings = [] }: ProjectGitRequest,
  signal: AbortSignal,
): Promise<ExecResult> {
  const env = {
    ...FIXED_ENVIRONMENT,
    ...NO_LAZY_FETCH,
    ...configuration([...settings, ...PLAIN]),
    // No transport at all: a partial clone must not be completed through the remote that its configuration names.
    GIT_ALLOW_PROTOCOL: 'none',
    GIT_PAGER: 'cat',
  }
  return exec({ file: 'git', args: ['--no-pager', ...args], cwd, env, timeoutMs, isOwnProgram: true }, signal)
}
