import type { Config } from '../../config/config.ts'
import { untrusted } from '../../domain/display.ts'
import type { Deployment } from '../../domain/deployment.ts'
import type { RecordRequest } from '../../engine/engine.ts'
import { BagboyError } from '../../errors/bagboy-error.ts'
import { EXIT } from '../../errors/codes.ts'
import type { Invocation } from '../command.ts'
import { readGitHead } from '../git-head.ts'
import { renderDeployment } from '../render/history-lines.ts'

export async function runRecord(invocation: Invocation): Promise<number> {
  const packages = invocation.options.list('package').map(parsePackage)
  const { engine, config } = await invocation.open()
  const identity = await readIdentity(invocation, config)
  const request = { ...identity, packages, notes: invocation.options.text('notes') }
  const deployment = await engine.record(request, invocation.interruption.signal)
  await report(deployment, invocation)
  return EXIT.ok
}

/** What the flags do not say is taken from git, and the version at last from the packager's own configuration. */
async function readIdentity(
  { options, platform, place, interruption }: Invocation,
  config: Config,
): Promise<Pick<RecordRequest, 'version' | 'commit'>> {
  const [version, commit] = [options.text('version'), options.text('commit')]
  if (version !== '' && commit !== '') return { version, commit }
  const head = await readGitHead(platform, place.cwd, interruption.signal)
  const found = { version: version || head.tag || config.version, commit: commit || head.commit }
  if (found.version !== '') return found
  throw new BagboyError('USAGE', 'No version is given, none stands in bagboy.yaml, and no git tag is checked out.', {
    hint: 'Add --version V.',
  })
}

function parsePackage(text: string): RecordRequest['packages'][number] {
  const at = text.indexOf('=')
  if (at > 0 && at < text.length - 1) return { format: text.slice(0, at), registry: text.slice(at + 1) }
  throw new BagboyError('USAGE', `--package takes format=registry, not "${untrusted(text, 200)}".`)
}

async function report(deployment: Deployment, { output, platform }: Invocation): Promise<void> {
  const history = { schema: 1, deployments: [deployment], held: [] }
  await output.answer(deployment, () => renderDeployment(deployment, history, platform.clock.now()))
}
