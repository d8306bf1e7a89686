import type { RegistryStatus } from '../../src/engine/engine.ts'
import { pinText } from '../../src/domain/pin-text.ts'
import { packageKey, type Deployment, type PackageRecord } from '../../src/domain/deployment.ts'
import { bareVersion, sameVersion } from '../../src/domain/version.ts'
import type { AppState } from '../../store/state.ts'
import { clockTime, dateTime } from '../../src/view/time.ts'
import { clip, fit, widthOf, wrap } from '../format/text.ts'
import { deploymentBadge, healthBadge, packageBadge, registryBadge } from '../../src/view/badges.ts'
import { labelled } from '../primitives/columns-line.ts'
import { lineWidth, plain, span, type Line, type Span } from '../primitives/line.ts'
import { isHeld } from '../../store/history/deployments.ts'

const LABEL = 14
const EMPTY: Line = []

/** Everything the history knows of one version, and what the registries serve instead where they differ. Pure. */
export function versionLines(state: AppState, deployment: Deployment, width: number): readonly Line[] {
  return [
    ...factLines(state, deployment, width),
    EMPTY,
    plain(servedNote(state, deployment), 'dim'),
    ...packageLines(state, deployment, width),
    EMPTY,
    plain(' Health when it was deployed', 'dim'),
    ...healthLines(deployment, width),
  ]
}

/** What is served was so when it was read. */
function servedNote({ overview, registriesAt }: AppState, deployment: Deployment): string {
  const isLive = overview?.active?.id === deployment.id
  return isLive && registriesAt !== null ? ` Packages, served as of ${clockTime(registriesAt)}` : ' Packages'
}

function factLines(state: AppState, deployment: Deployment, width: number): readonly Line[] {
  const badge = deploymentBadge(deployment.status)
  const verdict = healthBadge(deployment.healthVerdict)
  const fact = (label: string, value: string | undefined): readonly Line[] =>
    value === undefined || value === '' ? [] : labelled(label, wrap(value, width - LABEL - 1), LABEL)
  const hold = state.overview?.history.held.find(({ version }) => sameVersion(version, deployment.version))
  return [
    [
      span(fit(' State', LABEL), 'dim'),
      span(`${badge.glyph} ${badge.word}`, badge.tone),
      span(verdict.word === '' ? '' : `   ${verdict.glyph} ${verdict.word}`, verdict.tone),
    ],
    ...fact('Deployed', `${dateTime(deployment.timestamp)}   ${deployment.kind}`),
    ...fact('Commit', deployment.commit),
    ...fact('From', deployment.from),
    ...fact('Reason', deployment.reason),
    ...fact('Notes', deployment.notes),
    ...fact('Incident', deployment.incident),
    ...fact('Environment', deployment.environment),
    ...fact('Run', deployment.run),
    ...(isHeld(state, deployment.version) && hold
      ? labelled('Held', wrap(hold.reason, width - LABEL - 1), LABEL, 'warning')
      : []),
    ...(deployment.pinned ? fact('Pinned', 'yes, it is never pruned') : []),
  ]
}

/** One row per package: state, pin, and for the live version what is really served. Pure. */
export function packageLines(state: AppState, deployment: Deployment, width: number): readonly Line[] {
  if (deployment.packages.length === 0) return [plain('   none recorded', 'dim')]
  const isLive = state.overview?.active?.id === deployment.id
  const nameWidth = Math.min(
    30,
    Math.max(...deployment.packages.map(({ format, name }) => format.length + name.length + 1)),
  )
  const ends = new Map(isLive ? deployment.packages.map((record) => [record, servedSpan(state, record)]) : [])
  const endWidth = Math.max(0, ...[...ends.values()].map(({ text }) => widthOf(text)))
  return deployment.packages.map((record) => {
    const badge = packageBadge(record.status)
    const end = ends.get(record)
    const start: Line = [
      span('   '),
      span(fit(`${record.format} ${record.name}`, nameWidth)),
      span('  '),
      span(fit(`${badge.glyph} ${badge.word}`, 12), badge.tone),
      ...(end ? [{ ...end, text: `${fit(end.text, endWidth)}  ` }] : []),
    ]
    return [...start, span(pin(record, width - lineWidth(start)), 'dim')]
  })
}

/** As wide before the registries were read as afterwards, so that nothing behind it moves. */
function servedSpan(state: AppState, record: PackageRecord): Span {
  const status = state.registries?.find((one) => packageKey(one.package) === packageKey(record))
  if (status) {
    const badge = registryBadge(status.state)
    const says =
      status.state === 'unreadable' || status.state === 'moving' || status.serving === null || isPartlyElsewhere(status)
        ? badge.word
        : `serves ${status.serving}`
    return span(`${badge.glyph} ${says}`, badge.tone)
  }
  const later = '✓ serves '.length + (state.overview?.active ? bareVersion(state.overview.active.version).length : 0)
  return span(fit(state.isReadingRegistries ? '○ reading' : '', later), 'dim')
}

/** Its first part is where it should be: the version alone would say that all of it is. */
function isPartlyElsewhere({ state, serving, expected }: RegistryStatus): boolean {
  return (state === 'drift' || state === 'held-version') && serving !== null && sameVersion(serving, expected)
}

function pin(record: PackageRecord, width: number): string {
  const text = pinText(record.ref)
  return width < 8 || text === '' ? '' : clip(text, width)
}

function healthLines(deployment: Deployment, width: number): readonly Line[] {
  if (deployment.healthChecks.length === 0) return [plain('   no checks recorded', 'dim')]
  const longest = Math.max(...deployment.healthChecks.map(({ label }) => widthOf(label)))
  const labelWidth = Math.max(10, Math.min(longest, width - 20))
  return deployment.healthChecks.map(({ label, status }) => {
    const isGood = status === 'passing' || status === 'healthy'
    return [
      span('   '),
      span(isGood ? '✓ ' : '✗ ', isGood ? 'ok' : 'bad'),
      span(fit(label, labelWidth)),
      span('  '),
      span(status, 'dim'),
    ]
  })
}
