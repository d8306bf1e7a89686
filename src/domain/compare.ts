import { packageKey, type Deployment, type PackageRecord } from './deployment.ts'
import { pinFields, pinText } from './pin-text.ts'

export type Change = 'same' | 'changed' | 'added' | 'removed'

/** One line of a side-by-side view; an empty side means there is nothing to show there. */
export interface DiffRow {
  readonly label: string
  readonly left: string
  readonly right: string
  readonly change: Change
}

export interface DiffSection {
  readonly title: string
  readonly rows: readonly DiffRow[]
}

export interface VersionDiff {
  readonly left: Deployment
  readonly right: Deployment
  readonly sections: readonly DiffSection[]
  readonly counts: Readonly<Record<Change, number>>
}

/** What differs between two deployments, section by section; the left one is usually the older. Pure. */
export function compareDeployments(left: Deployment, right: Deployment): VersionDiff {
  const sections = [
    { title: 'Deployment', rows: deploymentRows(left, right) },
    { title: 'Packages', rows: packageRows(left, right) },
    { title: 'Health at deploy', rows: healthRows(left, right) },
  ].filter(({ rows }) => rows.length > 0)
  const all = sections.flatMap(({ rows }) => rows)
  const count = (change: Change) => all.filter((row) => row.change === change).length
  return {
    left,
    right,
    sections,
    counts: { same: count('same'), changed: count('changed'), added: count('added'), removed: count('removed') },
  }
}

function deploymentRows(left: Deployment, right: Deployment): readonly DiffRow[] {
  const fields: readonly (readonly [string, string, string])[] = [
    ['deployed', left.timestamp, right.timestamp],
    ['commit', left.commit, right.commit],
    ['kind', left.kind, right.kind],
    ['status', left.status, right.status],
    ['verdict', left.healthVerdict ?? '', right.healthVerdict ?? ''],
    ['reason', left.reason ?? '', right.reason ?? ''],
    ['environment', left.environment ?? '', right.environment ?? ''],
  ]
  return fields.filter(([, a, b]) => a !== '' || b !== '').map(([label, a, b]) => row(label, a, b))
}

/** A row per package, and one for every further part of its pin that differs. */
function packageRows(left: Deployment, right: Deployment): readonly DiffRow[] {
  const keys = [...new Set([...left.packages, ...right.packages].map(packageKey))]
  return keys.flatMap((key) => {
    const [a, b] = [find(left, key), find(right, key)]
    const label = `${(a ?? b)?.format ?? ''} ${(a ?? b)?.name ?? ''}`.trim()
    return [row(label, packageText(a, left), packageText(b, right)), ...(a && b ? partRows(a, b) : [])]
  })
}

/** Follow from the rest of the pin, or say it once more. */
const SILENT_PARTS: ReadonlySet<string> = new Set([
  'version',
  'digest',
  'sha',
  'tag',
  'tags',
  'path',
  'integrity',
  'shasum',
  'blob_sha256',
  'commit',
])

function partRows(a: PackageRecord, b: PackageRecord): readonly DiffRow[] {
  const [before, after] = [new Map(pinFields(a.ref)), new Map(pinFields(b.ref))]
  const names = [...new Set([...before.keys(), ...after.keys()])].filter(
    (name) => name !== '' && !SILENT_PARTS.has(name),
  )
  return names
    .map((name) => row(`  ${name.replaceAll('_', ' ')}`, before.get(name) ?? '', after.get(name) ?? ''))
    .filter(({ change }) => change !== 'same')
}

function find(deployment: Deployment, key: string): PackageRecord | undefined {
  return deployment.packages.find((record) => packageKey(record) === key)
}

function packageText(record: PackageRecord | undefined, deployment: Deployment): string {
  if (!record) return ''
  const pin = pinText(record.ref)
  const shown = pin === '' ? deployment.version : pin
  return record.status === 'deployed' ? shown : `${shown} (${record.status})`
}

function healthRows(left: Deployment, right: Deployment): readonly DiffRow[] {
  const labels = [...new Set([...left.healthChecks, ...right.healthChecks].map(({ label }) => label))]
  const status = (deployment: Deployment, label: string) =>
    deployment.healthChecks.find((check) => check.label === label)?.status ?? ''
  return labels.map((label) => row(label, status(left, label), status(right, label)))
}

function row(label: string, left: string, right: string): DiffRow {
  const change = left === right ? 'same' : left === '' ? 'added' : right === '' ? 'removed' : 'changed'
  return { label, left, right, change }
}
