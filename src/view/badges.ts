import type { DeploymentStatus, PackageStatus } from '../domain/deployment.ts'
import type { FindingSeverity } from '../domain/plan.ts'
import type { RecoveryStep, RegistryStatus } from '../engine/engine.ts'
import { isRunning, type StepStatus } from '../machine/step-status.ts'
import type { HealthSeverity } from '../domain/health/health-check.ts'
import type { HealthVerdict } from '../domain/health/health-sample.ts'
import type { SlotStates, StageResult } from '../events/deploy-events.ts'
import type { AnalysisProgress, ReleaseVerdict } from '../events/watch-events.ts'
import type { Tone } from './text.ts'

/** A state in words, with its glyph and its tone: colour alone never carries it. */
export interface Badge {
  readonly glyph: string
  readonly word: string
  readonly tone: Tone
}

const DEPLOYMENT: Readonly<Record<DeploymentStatus, Badge>> = {
  active: { glyph: '●', word: 'live', tone: 'ok' },
  superseded: { glyph: '✓', word: 'superseded', tone: 'dim' },
  rolled_back_from: { glyph: '↺', word: 'rolled back', tone: 'warning' },
  failed: { glyph: '✗', word: 'failed', tone: 'bad' },
  partial: { glyph: '▲', word: 'partial', tone: 'warning' },
  pruned: { glyph: '✂', word: 'pruned', tone: 'dim' },
}

const PACKAGE: Readonly<Record<PackageStatus, Badge>> = {
  deployed: { glyph: '✓', word: 'deployed', tone: 'ok' },
  already: { glyph: '✓', word: 'already', tone: 'ok' },
  skipped: { glyph: '○', word: 'skipped', tone: 'dim' },
  failed: { glyph: '✗', word: 'failed', tone: 'bad' },
  unknown: { glyph: '▲', word: 'unknown', tone: 'warning' },
  manual: { glyph: '▲', word: 'manual', tone: 'warning' },
  not_in_target: { glyph: '○', word: 'not in target', tone: 'dim' },
  rolled_back: { glyph: '↺', word: 'rolled back', tone: 'warning' },
}

const STEP: Readonly<Record<StepStatus, Badge>> = {
  pending: { glyph: '○', word: 'waiting', tone: 'dim' },
  checking: { glyph: '◐', word: 'checking', tone: 'info' },
  executing: { glyph: '◐', word: 'writing', tone: 'info' },
  verifying: { glyph: '◐', word: 'reading back', tone: 'info' },
  done: { glyph: '✓', word: 'done', tone: 'ok' },
  already: { glyph: '✓', word: 'already', tone: 'ok' },
  skipped: { glyph: '○', word: 'skipped', tone: 'dim' },
  failed: { glyph: '✗', word: 'failed', tone: 'bad' },
  unknown: { glyph: '▲', word: 'unknown', tone: 'warning' },
  conflict: { glyph: '▲', word: 'conflict', tone: 'bad' },
  manual: { glyph: '▲', word: 'manual', tone: 'warning' },
  undone: { glyph: '↺', word: 'undone', tone: 'warning' },
}

const FINDING: Readonly<Record<FindingSeverity, Badge>> = {
  never: { glyph: '✗', word: 'refused', tone: 'bad' },
  block: { glyph: '✗', word: 'blocks', tone: 'bad' },
  warn: { glyph: '▲', word: 'warning', tone: 'warning' },
  ok: { glyph: '✓', word: 'passed', tone: 'ok' },
}

const REGISTRY: Readonly<Record<RegistryStatus['state'], Badge>> = {
  'in-sync': { glyph: '✓', word: 'as expected', tone: 'ok' },
  'by-hand': { glyph: '▲', word: 'waits for a person', tone: 'warning' },
  moving: { glyph: '◐', word: 'a deploy moves it', tone: 'info' },
  drift: { glyph: '▲', word: 'drift', tone: 'warning' },
  'held-version': { glyph: '✗', word: 'serves a held version', tone: 'bad' },
  unreadable: { glyph: '✗', word: 'cannot be read', tone: 'bad' },
  unknown: { glyph: '○', word: 'not known', tone: 'dim' },
}

const PROBE: Readonly<Record<HealthVerdict, Badge>> = {
  passing: { glyph: '✓', word: 'passing', tone: 'ok' },
  failing: { glyph: '✗', word: 'failing', tone: 'bad' },
  unknown: { glyph: '○', word: 'unknown', tone: 'warning' },
}

const ANALYSIS: Readonly<Record<AnalysisProgress['status'], Badge>> = {
  running: { glyph: '✓', word: 'within', tone: 'ok' },
  successful: { glyph: '✓', word: 'passed', tone: 'ok' },
  failed: { glyph: '✗', word: 'failed', tone: 'bad' },
  inconclusive: { glyph: '▲', word: 'unclear', tone: 'warning' },
}

const SLOT: Readonly<Record<SlotStates['blue'], Badge>> = {
  up: { glyph: '✓', word: 'up', tone: 'ok' },
  down: { glyph: '✗', word: 'down', tone: 'bad' },
  unresolved: { glyph: '○', word: 'no address', tone: 'warning' },
  stopped: { glyph: '○', word: 'taken out', tone: 'warning' },
  unknown: { glyph: '–', word: '', tone: 'dim' },
}

const STAGE: Readonly<Record<'pending' | 'running' | StageResult, Badge>> = {
  pending: { glyph: '○', word: 'waiting', tone: 'dim' },
  running: { glyph: '◐', word: 'going on', tone: 'info' },
  passed: { glyph: '✓', word: 'passed', tone: 'ok' },
  skipped: { glyph: '○', word: 'skipped', tone: 'dim' },
  failed: { glyph: '✗', word: 'failed', tone: 'bad' },
  inconclusive: { glyph: '▲', word: 'unclear', tone: 'warning' },
}

const RELEASE: Readonly<Record<ReleaseVerdict, Badge>> = {
  healthy: { glyph: '✓', word: 'healthy', tone: 'ok' },
  unhealthy: { glyph: '✗', word: 'UNHEALTHY', tone: 'bad' },
  unknown: { glyph: '▲', word: 'not known', tone: 'warning' },
}

/** What a recovery read of a step, held against what the step wanted. */
const FOUND: Readonly<Record<RecoveryStep['found'], Badge>> = {
  before: { glyph: '○', word: 'as before', tone: 'dim' },
  want: { glyph: '✓', word: 'as wanted', tone: 'ok' },
  between: { glyph: '◐', word: 'in part', tone: 'warning' },
  unplanned: { glyph: '○', word: 'not compared', tone: 'dim' },
  other: { glyph: '▲', word: 'something else', tone: 'warning' },
  unreadable: { glyph: '✗', word: 'cannot be read', tone: 'bad' },
}

const NEXT: Readonly<Record<RecoveryStep['next'], Badge>> = {
  nothing: { glyph: '✓', word: 'nothing', tone: 'dim' },
  verify: { glyph: '◐', word: 'read back again', tone: 'info' },
  run: { glyph: '◐', word: 'run this step', tone: 'info' },
  wait: { glyph: '▲', word: 'wait for a person', tone: 'warning' },
  stop: { glyph: '▲', word: 'stop and ask', tone: 'warning' },
  read: { glyph: '◐', word: 'read it again', tone: 'info' },
}

/** How far a step had come by the journal. */
export const INTENDED: Readonly<Record<RecoveryStep['intended'], string>> = {
  'not-started': 'not started',
  intended: 'begun, no proof',
  proved: 'done and proved',
  settled: 'finished',
}

export const foundBadge = (found: RecoveryStep['found']): Badge => FOUND[found]
export const nextBadge = (next: RecoveryStep['next']): Badge => NEXT[next]
export const releaseBadge = (verdict: ReleaseVerdict): Badge => RELEASE[verdict]
export const slotBadge = (state: SlotStates['blue']): Badge => SLOT[state]

/** A stage of a deploy; `isAsked`: it waits for a person to decide. */
export function stageBadge(status: keyof typeof STAGE, isAsked = false): Badge {
  return isAsked ? { glyph: '▲', word: 'needs you', tone: 'warning' } : STAGE[status]
}

export const deploymentBadge = (status: DeploymentStatus): Badge => DEPLOYMENT[status]
export const packageBadge = (status: PackageStatus): Badge => PACKAGE[status]
export const findingBadge = (severity: FindingSeverity): Badge => FINDING[severity]
export const registryBadge = (state: RegistryStatus['state']): Badge => REGISTRY[state]

/** A running step also says how far it is: real units, never time. */
export function stepBadge(status: StepStatus, done = 0, total = 0): Badge {
  return isRunning(status) && total > 0 ? { ...STEP[status], word: `${done} of ${total}` } : STEP[status]
}

export function healthBadge(verdict: string | undefined): Badge {
  if (verdict === undefined || verdict === '') return { glyph: '–', word: '', tone: 'dim' }
  if (verdict === 'healthy') return { glyph: '✓', word: verdict, tone: 'ok' }
  return { glyph: '✗', word: verdict, tone: 'bad' }
}

/** A check that only warns never decides, and says so. */
export function probeBadge(state: HealthVerdict, severity: HealthSeverity = 'critical'): Badge {
  return state === 'failing' && severity === 'warning' ? { glyph: '▲', word: 'warning', tone: 'warning' } : PROBE[state]
}

export function analysisBadge(status: AnalysisProgress['status'] | undefined, isDryRun: boolean): Badge {
  if (status === undefined) return { glyph: '○', word: 'waiting', tone: 'dim' }
  return isDryRun && status === 'failed' ? { ...ANALYSIS.failed, word: 'dry run', tone: 'warning' } : ANALYSIS[status]
}
