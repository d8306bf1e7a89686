import type { Config } from '../../config/config.ts'
import { sanitize } from '../../domain/text/sanitize.ts'
import { newestTagged } from '../../domain/text/release-tag.ts'
import { BagboyError } from '../../errors/bagboy-error.ts'
import type { Invocation } from '../command.ts'
import { readGitHead, resolveCommit } from './git-head.ts'

/** Takes what the flags do not give from git, and the version also from the packager's configuration. @throws USAGE */
export async function readIdentity(
  { options, platform, projectOptions, interruption, output }: Invocation,
  config: Config,
): Promise<{ readonly version: string; readonly commit: string }> {
  const [version, given] = [options.text('version'), options.text('commit')]
  const commit = given === '' ? '' : await resolveCommit(platform, projectOptions.cwd, given, interruption.signal)
  if (version !== '' && commit !== '') return { version, commit }
  const head = await readGitHead(platform, projectOptions.cwd, interruption.signal)
  const tagged = newestTagged(head.tags, config)
  const found = { version: version || tagged || config.version, commit: commit || head.commit }
  const others = tagged === undefined ? head.tags.map((tag) => sanitize(tag, 80)).join(', ') : ''
  if (found.version === '') throw noVersion(config, others)
  if (version === '' && others !== '') {
    output.note({ text: `Not tags of ${config.app}: ${others}. The version of bagboy.yaml is used.`, tone: 'dim' })
  }
  return found
}

function noVersion({ app }: Config, others: string): BagboyError {
  const where = others === '' ? 'no git tag is checked out' : `none of the git tags that are checked out is of ${app}`
  const pattern =
    others === '' ? '' : ` It has ${others}. When one of them is: deployment.release_tag says how they are named.`
  return new BagboyError('USAGE', `No version is given, bagboy.yaml has none, and ${where}.`, {
    hint: `Add --version V.${pattern}`,
  })
}
