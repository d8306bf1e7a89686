import { holdOn, type Deployment, type FileHistory, type History } from '../../domain/deployment.ts'
import { environmentHistory } from '../../domain/environment-history.ts'
import { pinText } from '../../domain/pin-text.ts'
import { renderHeading } from '../heading.ts'
import { deploymentBadge } from '../badges.ts'
import { PACKAGE_COLUMNS, packageCells } from './package-text.ts'
import { shortCommit } from './short-commit.ts'
import { renderTable } from '../table.ts'
import type { Line, Span } from '../text.ts'

const LIST_COLUMNS = [
  { title: 'ID', align: 'right' },
  { title: 'VERSION' },
  { title: 'STATUS' },
  { title: 'KIND' },
  { title: 'DEPLOYED' },
  { title: 'COMMIT' },
  { title: 'PACKAGES', align: 'right' },
  { title: 'NOTES', maxWidth: 60 },
] as const

/** The history, newest first, as a table. Pure. */
export function renderHistory(history: History, now: string, limit: number | undefined): readonly Line[] {
  const shown = history.deployments.slice(0, limit)
  if (shown.length === 0) {
    const { environment } = history
    return [`No deployment is recorded for ${environment}. Record what is live: bagboy-tui record --version V`]
  }
  const rows = shown.map((deployment) => listCells(deployment, history, now))
  return [...renderTable(LIST_COLUMNS, rows), ...olderLine(history, shown.length)]
}

/** The same of every environment in the file. Pure. */
export function renderFileHistory(file: FileHistory, now: string, limit: number | undefined): readonly Line[] {
  const shown = file.deployments.slice(0, limit)
  if (shown.length === 0) return ['No deployment is recorded. Record what is live: bagboy-tui record --version V']
  const [id, ...columns] = LIST_COLUMNS
  const rows = shown.map((deployment): readonly Span[] => {
    const { environment = '' } = deployment
    const here = environmentHistory(file, { environment, fileEnvironment: environment })
    const [first = '', ...cells] = listCells(deployment, here, now)
    return [first, environment, ...cells]
  })
  return [...renderTable([id, { title: 'ENVIRONMENT' }, ...columns], rows), ...olderLine(file, shown.length)]
}

function listCells(deployment: Deployment, history: History, now: string): readonly Span[] {
  return [
    `@${deployment.id}`,
    { text: deployment.version, tone: 'strong' },
    { text: deployment.status, tone: deploymentBadge(deployment.status).tone },
    deployment.kind,
    deployment.timestamp,
    shortCommit(deployment.commit),
    String(deployment.packages.length),
    notes(deployment, history, now),
  ]
}

function olderLine({ deployments }: FileHistory, shownCount: number): readonly Line[] {
  const more = deployments.length - shownCount
  return more > 0 ? [{ text: `  ${more} older`, tone: 'dim' }] : []
}

function notes(deployment: Deployment, history: History, now: string): string {
  const hold = holdOn(history, deployment.version, now)
  return [hold ? `held: ${hold.reason}` : '', deployment.pinned ? 'pinned' : '', deployment.reason ?? '']
    .filter((note) => note !== '')
    .join('; ')
}

/** One entry of the history with everything it recorded. Pure. */
export function renderDeployment(deployment: Deployment, history: History, now: string): readonly Line[] {
  const facts: readonly (readonly [string, string])[] = [
    ['status', deployment.status],
    ['kind', deployment.kind],
    ['from', deployment.from ?? ''],
    ['deployed', deployment.timestamp],
    ['commit', deployment.commit],
    ['environment', deployment.environment ?? ''],
    ['health', deployment.healthVerdict ?? ''],
    ['run', deployment.run ?? ''],
    ['incident', deployment.incident ?? ''],
    ['notes', notes(deployment, history, now)],
  ]
  const packages = deployment.packages.map((record) => [
    ...packageCells(record),
    record.status,
    record.ref === undefined ? 'not captured' : pinText(record.ref),
  ])
  return [
    [{ text: deployment.version, tone: 'strong' }, `  @${deployment.id}`],
    ...facts.filter(([, value]) => value !== '').map(([label, value]): Line => `  ${label.padEnd(12)}${value}`),
    ...renderHeading('Packages'),
    ...renderTable([...PACKAGE_COLUMNS, { title: 'STATUS' }, { title: 'PIN', maxWidth: 80 }], packages),
    ...(deployment.healthChecks.length === 0 ? [] : renderHeading('Health checks')),
    ...deployment.healthChecks.map(({ label, status }): Line => `  ${status.padEnd(10)}${label}`),
  ]
}
