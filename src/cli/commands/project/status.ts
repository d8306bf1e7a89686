import type { RegistryStatus } from '../../../engine/engine.ts'
import { EXIT } from '../../../errors/codes.ts'
import type { Invocation } from '../../command.ts'
import { PACKAGE_COLUMNS, packageCells } from '../../../view/history/package-text.ts'
import { watchStatus } from '../../follow/watch-status.ts'
import { registryBadge } from '../../../view/badges.ts'
import { renderTable } from '../../../view/table.ts'
import type { Line, Span } from '../../../view/text.ts'

export async function runStatus(invocation: Invocation): Promise<number> {
  const { options, output, interruption } = invocation
  const { engine } = await invocation.open()
  if (options.isSet('watch')) {
    await watchStatus(invocation, (signal) => engine.status(signal), renderStatus)
    return interruption.exitCode() ?? EXIT.ok
  }
  const registries = await engine.status(interruption.signal)
  const isNdjson = output.format === 'ndjson'
  await output.answer(isNdjson ? registries : { registries }, () => renderStatus(registries))
  if (registries.some(({ state }) => state === 'unreadable')) return EXIT.partial
  const hasDrift = registries.some(({ state }) => state === 'drift' || state === 'held-version')
  return options.isSet('detailedExitcode') && hasDrift ? EXIT.changesPending : EXIT.ok
}

const COLUMNS = [
  ...PACKAGE_COLUMNS,
  { title: 'HISTORY' },
  { title: 'SERVES' },
  { title: 'STATE' },
  { title: 'WHY', maxWidth: 60 },
] as const

function renderStatus(registries: readonly RegistryStatus[]): readonly Line[] {
  if (registries.length === 0) {
    return [
      'Nothing to compare: the history has no active deployment, so no registry was read.',
      'Record what is live: bagboy-tui record --version V',
    ]
  }
  return renderTable(COLUMNS, registries.map(cells))
}

function cells({ package: ref, expected, serving, state, detail, error }: RegistryStatus): readonly Span[] {
  return [
    ...packageCells(ref),
    expected,
    serving ?? 'not known',
    { text: state, tone: registryBadge(state).tone },
    error ? `${error.code}: ${error.message}` : detail,
  ]
}
