import type { Config } from '../../../config/config.ts'
import type { Overview } from '../../../engine/engine.ts'
import { EXIT } from '../../../errors/codes.ts'
import type { Invocation } from '../../command.ts'
import { renderHeading } from '../../../view/heading.ts'
import { renderTable } from '../../../view/table.ts'
import type { Line } from '../../../view/text.ts'

export async function runConfigCheck(invocation: Invocation): Promise<number> {
  const { output } = invocation
  const { engine, config } = await invocation.open()
  const overview = await engine.overview()
  const { file, app, environment, registries, blueGreen, inert } = config
  const document = {
    file,
    app,
    environment,
    // Options may name where secrets are, so only their keys are shown.
    registries: registries.map(({ format, registry }) => ({ format, registry })),
    /** Keys that are set and have no effect. */
    notActedOn: inert,
    traffic: blueGreen?.traffic ? { provider: blueGreen.traffic.provider } : null,
    history: { file: overview.historyFile, readOnly: overview.readOnly, count: overview.history.deployments.length },
  }
  await output.answer(document, () => renderConfig(config, overview))
  return EXIT.ok
}

function renderConfig(config: Config, { historyFile, history, readOnly }: Overview): readonly Line[] {
  const registries = config.registries.map(({ format, registry, locationOf }) => [format, registry, locationOf([])])
  const traffic = config.blueGreen?.traffic
  const facts: readonly (readonly [string, string])[] = [
    ['configuration', config.file],
    ['application', config.app],
    ['environment', config.environment],
    ['history', `${historyFile}, ${history.deployments.length} deployments${readOnly === null ? '' : `, ${readOnly}`}`],
    ['traffic', traffic ? `${traffic.provider}, ${traffic.locationOf(['provider'])}` : 'no provider'],
  ]
  return [
    { text: 'Valid.', tone: 'ok' },
    ...facts.map(([label, value]): Line => `  ${label.padEnd(15)}${value}`),
    ...(config.inert.length === 0 ? [] : renderHeading('Not acted on')),
    ...config.inert.map((text): Line => ({ text: `  ${text}`, tone: 'warning' })),
    ...renderHeading('Registries'),
    ...renderTable([{ title: 'FORMAT' }, { title: 'REGISTRY' }, { title: 'FROM' }], registries),
  ]
}
