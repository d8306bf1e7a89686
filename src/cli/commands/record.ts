import { untrusted } from '../../domain/display.ts'
import type { Deployment } from '../../domain/deployment.ts'
import type { RecordRequest } from '../../engine/engine.ts'
import { BagboyError } from '../../errors/bagboy-error.ts'
import { EXIT } from '../../errors/codes.ts'
import type { Invocation } from '../command.ts'
import { readIdentity } from '../read-identity.ts'
import { renderDeployment } from '../render/history-lines.ts'

export async function runRecord(invocation: Invocation): Promise<number> {
  const packages = invocation.options.list('package').map(parsePackage)
  const { engine, config } = await invocation.open()
  const identity = await readIdentity(invocation, config)
  if (await engine.trustFirstRecord()) {
    invocation.output.note({
      text: 'This folder is yours and has no history yet: it is trusted from now on. See: bagboy-tui trust --show',
      tone: 'dim',
    })
  }
  const request = { ...identity, packages, notes: invocation.options.text('notes') }
  const deployment = await engine.record(request, invocation.interruption.signal)
  await report(deployment, invocation)
  return EXIT.ok
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
