import { sanitize } from '../../../domain/text/sanitize.ts'
import type { Deployment } from '../../../domain/deployment.ts'
import { SLOTS } from '../../../domain/traffic/traffic.ts'
import type { RecordPlan, RecordRequest } from '../../../engine/records/record-request.ts'
import { BagboyError } from '../../../errors/bagboy-error.ts'
import { EXIT } from '../../../errors/codes.ts'
import type { Invocation } from '../../command.ts'
import { confirm } from '../../questions/confirm.ts'
import { readIdentity } from '../../requests/read-identity.ts'
import { renderDeployment } from '../../../view/history/history-lines.ts'
import type { Line } from '../../../view/text.ts'

export async function runRecord(invocation: Invocation): Promise<number> {
  const { options, output, interruption } = invocation
  const packages = options.list('package').map(parsePackage)
  const slot = SLOTS.find((each) => each === options.text('slot')) ?? null
  const { engine, config } = await invocation.open()
  const identity = await readIdentity(invocation, config)
  if (await engine.trustFirstRecord()) {
    output.note({
      text: 'This folder is yours and has no history yet: it is trusted from now on. See: bagboy-tui trust --show',
      tone: 'dim',
    })
  }
  const request = { ...identity, packages, notes: options.text('notes'), ...(slot === null ? {} : { slot }) }
  const plan = await engine.planRecord(request, interruption.signal)
  output.note(...renderRecordPlan(plan))
  const isOther = plan.notServed.length > 0
  // On a build machine the version has just been published, and a cache may still show the one before.
  if (isOther && invocation.ports.stdin.isTerminal && invocation.ports.stderr.isTerminal) {
    await confirm(invocation, `Record ${request.version} although it is not known to be what is served?`)
  }
  const accepted = isOther ? { ...request, acceptsNotServed: true } : request
  await report(await engine.record(accepted, interruption.signal), config.environment, invocation)
  output.note(...plan.notRead.flatMap((one) => renderNotRead(one, request.version)))
  return plan.notRead.length > 0 ? EXIT.partial : EXIT.ok
}

/** Commands that record a registry that could not be read. */
function renderNotRead({ package: ref, error }: RecordPlan['notRead'][number], version: string): readonly Line[] {
  const again = `bagboy-tui record --version ${version} --package ${ref.format}=${ref.registry}`
  return [
    { text: `${ref.format} ${ref.registry} has no pin: ${error.code}. ${error.hint ?? ''}`.trim(), tone: 'warning' },
    { text: `Then record it: ${again}`, tone: 'dim' },
  ]
}

function renderRecordPlan({ notServed, slotNote, mergesInto }: RecordPlan): readonly Line[] {
  return [
    ...notServed.map(({ package: ref, detail }): Line => {
      return { text: `${ref.format} ${ref.registry}: ${detail}`, tone: 'warning' }
    }),
    ...(slotNote === '' ? [] : [{ text: slotNote, tone: 'warning' } as const]),
    ...(mergesInto === null ? [] : [`Added to the live entry @${mergesInto}; its other packages stay as they are.`]),
  ]
}

function parsePackage(text: string): RecordRequest['packages'][number] {
  const at = text.indexOf('=')
  if (at > 0 && at < text.length - 1) return { format: text.slice(0, at), registry: text.slice(at + 1) }
  throw new BagboyError('USAGE', `--package takes format=registry, not "${sanitize(text, 200)}".`)
}

async function report(deployment: Deployment, environment: string, { output, platform }: Invocation): Promise<void> {
  const history = { schema: 1, environment, deployments: [deployment], held: [] }
  await output.answer(deployment, () => renderDeployment(deployment, history, platform.clock.now()))
}
