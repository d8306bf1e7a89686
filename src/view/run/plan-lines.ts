import type { RollbackPlan } from '../../domain/plan.ts'
import { renderFindings } from './finding-lines.ts'
import { renderHeading } from '../heading.ts'
import { PACKAGE_COLUMNS, packageCells } from '../history/package-text.ts'
import { renderWrites } from './plan-writes.ts'
import { renderTable, type Column } from '../table.ts'
import type { Line, Span } from '../text.ts'
import { worstCaseMs } from '../health/worst-case.ts'
import { formatDuration } from '../time.ts'

/** The whole plan for people: reads, writes, effects, skipped registries, findings, worst case. Pure. */
export function renderPlan(plan: RollbackPlan, columns: number): readonly Line[] {
  return [
    [{ text: `Plan ${plan.id}`, tone: 'strong' }, `  ${planTitle(plan)}`],
    { text: scope(plan), tone: 'dim' },
    ...renderReads(plan),
    ...renderWrites(plan),
    ...renderEffects(plan, columns),
    ...renderExclusions(plan),
    ...renderFindings(plan.findings, plan.overrides),
    '',
    worstCase(plan),
  ]
}

/** `roll back myapp from v1.3.0 to v1.2.0`. */
export function planTitle({ kind, app, from, to }: Pick<RollbackPlan, 'kind' | 'app' | 'from' | 'to'>): string {
  const verb = { rollback: 'roll back', undo: 'restore' }[kind]
  return `${verb} ${app} from ${from} to ${to}`
}

function scope({ environment, targetId, reason, incident, expires }: RollbackPlan): string {
  const parts = [
    `environment ${environment}`,
    `history entry @${targetId}`,
    reason === '' ? '' : `because: ${reason}`,
    incident === '' ? '' : `incident ${incident}`,
    `valid until ${expires}`,
  ]
  return parts.filter((part) => part !== '').join(', ')
}

function renderReads({ steps, excluded }: RollbackPlan): readonly Line[] {
  const read: Span = { text: 'READ', tone: 'dim' }
  const rows: readonly (readonly Span[])[] = [
    ...steps.map(({ package: ref, deferred, from }) => [
      read,
      ...packageCells(ref),
      deferred === '' ? `to be moved from ${from.version}` : `could not be read: ${deferred}`,
    ]),
    ...excluded
      .filter(({ observed }) => observed !== null)
      .map(({ package: ref, reason }) => [read, ...packageCells(ref), reason]),
  ]
  if (rows.length === 0) return []
  return [
    ...renderHeading('Reads', 'made for this plan; a run makes them again before and after every write'),
    ...renderTable([{ title: '' }, ...PACKAGE_COLUMNS, { title: 'FOUND', maxWidth: 60 }], rows),
  ]
}

/** The four text columns share the width of the terminal, between 80 and 140; the last one holds a word. */
function effectColumns(columns: number): readonly Column[] {
  const shared = Math.min(Math.max(columns, 80), 140) - 'UNDO'.length - 10
  const share = (part: number) => Math.floor(shared * part)
  return [
    { title: 'REGISTRY', maxWidth: share(0.22) },
    { title: 'NEW INSTALLS', maxWidth: share(0.27) },
    { title: 'WHO HAS IT ALREADY', maxWidth: share(0.3) },
    { title: 'TRUE AFTER', maxWidth: share(0.21) },
    { title: 'UNDO' },
  ]
}

function renderEffects({ steps }: RollbackPlan, columns: number): readonly Line[] {
  if (steps.length === 0) return []
  const rows = steps.map(({ package: { format, registry }, effect, reversibility }): readonly Span[] => [
    `${format} ${registry}`,
    effect.newInstalls,
    effect.existingUsers,
    effect.timeToEffect,
    reversibility === 'one-way' ? { text: 'no', tone: 'warning' } : 'yes',
  ])
  return [...renderHeading('User impact'), ...renderTable(effectColumns(columns), rows)]
}

/** Registries that get no write, and why. Pure. */
export function renderExclusions({ excluded }: RollbackPlan): readonly Line[] {
  if (excluded.length === 0) return []
  const rows = excluded.map(({ package: ref, status, reason }) => [...packageCells(ref), status, reason])
  return [
    ...renderHeading('Skipped', 'registries without a write'),
    ...renderTable([...PACKAGE_COLUMNS, { title: 'STATUS' }, { title: 'WHY', maxWidth: 60 }], rows),
  ]
}

function worstCase(plan: RollbackPlan): string {
  if (plan.steps.length === 0) return 'Nothing to do: no registry needs a write.'
  return `Worst case ${formatDuration(worstCaseMs(plan))}, if every registry needs all of its time.`
}
