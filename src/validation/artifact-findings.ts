import { join } from 'node:path'
import type { Config, ValidationLevel } from '../config/config.ts'
import type { Deployment } from '../domain/deployment.ts'
import { sanitize } from '../domain/text/sanitize.ts'
import { tagOfVersion } from '../domain/text/release-tag.ts'
import type { GitSetting } from '../git/git-environment.ts'
import { readProjectGit } from '../git/project-git.ts'
import type { Platform } from '../platform/platform.ts'
import type { Subject } from '../registries/driver.ts'
import { atLevel, type FindingDraft, type TargetContext } from './target-context.ts'

const TIMEOUT_MS = 30_000
const COMMIT = /^[0-9a-f]{7,64}$/iu

/** `verify_artifacts.checksums`: what was not recorded when it was deployed cannot be compared with anything. Pure. */
export function checkChecksums(level: ValidationLevel, subjects: readonly Subject[]): readonly FindingDraft[] {
  return subjects.flatMap(({ package: ref, to }) => {
    if (to.pin !== null) return []
    return atLevel(level, {
      code: 'V02',
      title: `${ref.format}: no checksum of ${to.version} was recorded`,
      detail: 'What the registry has now is taken for what was deployed, and nothing can say whether it is.',
      remedy: `Compare it by hand, then insist with --override V02 --reason TEXT. From now on: bagboy-tui record`,
      package: ref,
    })
  })
}

/**
 * `verify_artifacts.signatures`: the target's tag, or else its commit, carries a valid signature by a permitted signer:
 * `.bagboy/allowed_signers` where it exists, otherwise whom git trusts. A tag must lead to the commit of the history.
 */
export async function checkSignatures({
  platform,
  config,
  target,
  signal,
}: TargetContext): Promise<readonly FindingDraft[]> {
  const level = config.validation.artifacts.signatures
  if (level === 'off') return []
  const problem = await signatureProblem(platform, config, target, signal)
  if (problem === undefined) {
    const title = `the signature of ${target.version} is valid`
    return [{ code: 'V04', severity: 'ok', title, detail: `commit ${target.commit}`, remedy: '' }]
  }
  return atLevel(level, {
    code: 'V04',
    title: `${target.version} is not signed by a permitted signer`,
    detail: problem,
    remedy: 'Look who made that tag, choose a signed version, or insist with --override V04 --reason TEXT.',
  })
}

/** Why the signature does not count; `undefined` when it does. */
async function signatureProblem(
  platform: Platform,
  config: Pick<Config, 'root' | 'app' | 'releaseTag'>,
  { version, commit }: Deployment,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (!COMMIT.test(commit)) return 'The history does not say which commit it was made from.'
  const { root } = config
  const signers = join(root, '.bagboy', 'allowed_signers')
  const settings: readonly GitSetting[] = (await platform.files.stat(signers))
    ? [['gpg.ssh.allowedSignersFile', signers]]
    : []
  const git = async (...args: readonly string[]) => {
    const result = await readProjectGit(platform, { args, cwd: root, timeoutMs: TIMEOUT_MS, settings }, signal)
    return {
      isOk: result.exitCode === 0,
      stdout: new TextDecoder().decode(result.stdout).trim(),
      stderr: result.stderr.trim(),
    }
  }
  const { stdout } = await git('tag', '--list')
  const tag = tagOfVersion(stdout.split('\n'), version, config)
  if (tag !== undefined) {
    const ref = `refs/tags/${tag}`
    const tagged = await git('rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`)
    if (tagged.isOk && !tagged.stdout.startsWith(commit.toLowerCase())) {
      return `The tag ${sanitize(tag, 80)} leads to ${tagged.stdout.slice(0, 12)}, and the history says ${commit}.`
    }
    if (tagged.isOk && (await git('verify-tag', ref)).isOk) return undefined
  }
  const verified = await git('verify-commit', '--', commit)
  return verified.isOk ? undefined : lastLine(verified.stderr) || `git has no signature of ${commit}.`
}

function lastLine(text: string): string {
  return text.split('\n').at(-1) ?? ''
}

/**
 * `verify_artifacts.attestations`: nothing here verifies them, so a configuration that requires them gets a finding.
 * Pure.
 */
export function checkAttestations(level: ValidationLevel): readonly FindingDraft[] {
  return atLevel(level, {
    code: 'V27',
    title: 'attestations are not verified by this version',
    detail: 'verify_artifacts.attestations asks for it.',
    remedy: 'Verify them with their own tool, then insist with --override V27 --reason TEXT.',
  })
}
