import { untrusted } from '../../domain/display.ts'
import type { Deployment } from '../../domain/deployment.ts'
import type { RecordRequest } from '../../engine/engine.ts'
import { BagboyError } from '../../errors/bagboy-error.ts'
import { EXIT } from '../../errors/codes.ts'
import { OUTPUT_OPTION, type CommandSpec, type Invocation } from '../command.ts'
import { readGitHead } from '../git-head.ts'
import { renderDeployment } from '../render/history-lines.ts'

export const recordCommand: CommandSpec = {
  name: 'record',
  args: [],
  summary: 'Write what was just deployed into the history, with pins',
  options: [
    { flags: '--version <version>', summary: 'default: the git tag on the commit that is checked out' },
    { flags: '--commit <sha>', summary: 'default: the commit that is checked out' },
    { flags: '--package <format=registry>', summary: 'default: the configured registries', repeatable: true },
    { flags: '--notes <text>', summary: 'kept with the entry' },
    OUTPUT_OPTION,
  ],
  examples: [
    'record',
    'record --version v1.3.0 --commit "$GITHUB_SHA"',
    'record --package npm=https://npm.example.com',
  ],
  async run(invocation) {
    const packages = invocation.options.list('package').map(parsePackage)
    const { engine } = await invocation.open()
    const request = { ...(await readIdentity(invocation)), packages, notes: invocation.options.text('notes') }
    const deployment = await engine.record(request, invocation.interruption.signal)
    await report(deployment, invocation)
    return EXIT.ok
  },
}

async function readIdentity({
  options,
  ports,
  place,
  interruption,
}: Invocation): Promise<Pick<RecordRequest, 'version' | 'commit'>> {
  const [version, commit] = [options.text('version'), options.text('commit')]
  if (version !== '' && commit !== '') return { version, commit }
  const head = await readGitHead(ports.platform, place.cwd, interruption.signal)
  const found = { version: version || head.tag, commit: commit || head.commit }
  if (found.version !== '') return found
  throw new BagboyError('USAGE', 'No version is given, and no git tag points at the commit that is checked out.', {
    hint: 'Add --version V.',
  })
}

function parsePackage(text: string): RecordRequest['packages'][number] {
  const at = text.indexOf('=')
  if (at > 0 && at < text.length - 1) return { format: text.slice(0, at), registry: text.slice(at + 1) }
  throw new BagboyError('USAGE', `--package takes format=registry, not "${untrusted(text, 200)}".`)
}

async function report(deployment: Deployment, { output, ports }: Invocation): Promise<void> {
  const history = { schema: 1, deployments: [deployment], held: [] }
  await output.answer(deployment, () => renderDeployment(deployment, history, ports.platform.clock.now()))
}
