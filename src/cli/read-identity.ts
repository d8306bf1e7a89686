import type { Config } from '../config/config.ts'
import { BagboyError } from '../errors/bagboy-error.ts'
import type { Invocation } from './command.ts'
import { readGitHead, resolveCommit } from './git-head.ts'

/** What the flags do not say is taken from git, and the version at last from the packager's own configuration. @throws USAGE */
export async function readIdentity(
  { options, platform, place, interruption }: Invocation,
  config: Config,
): Promise<{ readonly version: string; readonly commit: string }> {
  const [version, given] = [options.text('version'), options.text('commit')]
  const commit = given === '' ? '' : await resolveCommit(platform, place.cwd, given, interruption.signal)
  if (version !== '' && commit !== '') return { version, commit }
  const head = await readGitHead(platform, place.cwd, interruption.signal)
  const found = { version: version || head.tag || config.version, commit: commit || head.commit }
  if (found.version !== '') return found
  throw new BagboyError('USAGE', 'No version is given, none stands in bagboy.yaml, and no git tag is checked out.', {
    hint: 'Add --version V.',
  })
}
