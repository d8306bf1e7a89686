import type { RollbackPlan } from '../src/domain/plan.ts'
import type { LockInfo, Overview, PrunePlan, RecoveryReport, RegistryStatus, RunOutcome } from '../src/engine/engine.ts'
import type { TrafficReport } from '../src/engine/deploy/deploy.ts'
import type { ErrorReport } from '../src/errors/bagboy-error.ts'
import type { StampedDeploy } from '../src/events/deploy-events.ts'
import type { Stamped } from '../src/events/events.ts'
import type { StampedWatch } from '../src/events/watch-events.ts'
import type { Dialog, DialogKey } from './dialog/dialog.ts'
import type { Selection } from './prune/selection.ts'
import type { AppState, Busy, Flash, Screen } from './state.ts'
import type { RunHealth, RunState } from './run/run-state.ts'
import type { HealthState } from './health/health-state.ts'
import type { PlanState } from './plan/plan-state.ts'
import type { CompareState } from './history/compare-state.ts'

/** Everything that may change the app's state; `reduce` is the only reader. */
export type AppEvent =
  | { readonly type: 'clock.ticked'; readonly now: string }
  | { readonly type: 'screen.opened'; readonly screen: Screen; readonly atMs: number; readonly isRoot?: boolean }
  | { readonly type: 'screen.left'; readonly atMs: number }
  | { readonly type: 'cursor.set'; readonly screen: Screen; readonly index: number }
  | { readonly type: 'busy.started'; readonly busy: Busy }
  | { readonly type: 'busy.ended' }
  | { readonly type: 'flash.shown'; readonly flash: Flash | null }
  | { readonly type: 'error.shown'; readonly error: ErrorReport | null }
  | { readonly type: 'overview.read'; readonly overview: Overview; readonly now: string }
  | { readonly type: 'overview.failed'; readonly error: ErrorReport }
  | { readonly type: 'registries.reading' }
  | { readonly type: 'registries.read'; readonly registries: readonly RegistryStatus[]; readonly now: string }
  | { readonly type: 'registries.failed'; readonly error: ErrorReport }
  /** What was read is not shown: a run moved the registries meanwhile. */
  | { readonly type: 'registries.dropped' }
  | { readonly type: 'filter.changed'; readonly text: string; readonly isOpen: boolean }
  | { readonly type: 'help.changed'; readonly help: { readonly text: string; readonly offset: number } | null }
  | { readonly type: 'dialog.opened'; readonly dialog: Dialog | null }
  | { readonly type: 'dialog.key'; readonly key: DialogKey; readonly atMs: number }
  | { readonly type: 'version.marked'; readonly id: number | null }
  | { readonly type: 'compare.changed'; readonly compare: CompareState }
  | {
      readonly type: 'plan.made'
      readonly plan: RollbackPlan
      readonly request: Pick<PlanState, 'target' | 'except'>
    }
  | { readonly type: 'run.opened'; readonly run: Pick<RunState, 'id' | 'command' | 'isActive' | 'holder'> }
  | { readonly type: 'run.events'; readonly events: readonly Stamped[]; readonly now: string }
  | { readonly type: 'run.paused'; readonly isPaused: boolean }
  | { readonly type: 'run.aborting' }
  | { readonly type: 'run.holder'; readonly holder: LockInfo }
  | { readonly type: 'run.closed' }
  | { readonly type: 'run.ended'; readonly outcome: RunOutcome }
  | { readonly type: 'run.failed'; readonly error: ErrorReport }
  | { readonly type: 'run.health'; readonly run: string; readonly health: RunHealth }
  | { readonly type: 'past.read'; readonly run: Pick<RunState, 'id' | 'command'>; readonly events: readonly Stamped[] }
  | { readonly type: 'health.opened'; readonly purpose: HealthState['purpose'] }
  | { readonly type: 'health.events'; readonly events: readonly StampedWatch[] }
  | { readonly type: 'health.failed'; readonly error: ErrorReport }
  | { readonly type: 'health.none' }
  | { readonly type: 'traffic.none' }
  | { readonly type: 'traffic.read'; readonly report: TrafficReport; readonly now: string }
  | { readonly type: 'traffic.failed'; readonly error: ErrorReport; readonly now: string }
  | { readonly type: 'deploy.opened' }
  | { readonly type: 'deploy.events'; readonly events: readonly StampedDeploy[]; readonly now: string }
  | { readonly type: 'deploy.closed' }
  /** Another run's report is not this one's. */
  | { readonly type: 'recovery.opened'; readonly run: string }
  | { readonly type: 'recovery.read'; readonly recovery: RecoveryReport; readonly now: string }
  | { readonly type: 'prune.planned'; readonly plan: PrunePlan }
  | { readonly type: 'prune.selected'; readonly selection: Selection }
  | { readonly type: 'trust.read'; readonly trust: AppState['trust'] }
  | { readonly type: 'options.read-only' }
