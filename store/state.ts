import type { RollbackPlan } from '../src/domain/plan.ts'
import type { LockInfo, Overview, PrunePlan, RecoveryReport, RegistryStatus, RunOutcome } from '../src/engine/engine.ts'
import type { TrafficReport } from '../src/engine/deploy/deploy.ts'
import type { ErrorReport } from '../src/errors/bagboy-error.ts'
import type { PerSlot } from '../src/domain/traffic/traffic.ts'
import type { ReleaseVerdict } from '../src/events/watch-events.ts'
import type { WatchView } from '../src/events/project-watch.ts'
import type { RunView } from '../src/events/project-run.ts'
import type { TrustReport } from '../src/trust/trust-report.ts'
import type { Tone as TextTone } from '../src/view/text.ts'
import type { Dialog } from './dialog/dialog.ts'
import type { Selection } from './prune/selection.ts'
import type { DeployView } from '../src/events/deploy-view.ts'

export const SCREENS = [
  'history',
  'health',
  'traffic',
  'version',
  'compare',
  'target',
  'plan',
  'step',
  'effects',
  'run',
  'result',
  'recovery',
  'prune',
  'runs',
] as const
export type Screen = (typeof SCREENS)[number]

export type Tone = 'ok' | 'bad' | 'warning' | 'info'

/** Something is being waited for; shown with a spinner and, where it can be stopped, with the key for it. */
export interface Busy {
  readonly label: string
  readonly canCancel: boolean
}

export interface Flash {
  readonly tone: Tone
  readonly text: string
}

export interface LogLine {
  readonly at: string
  readonly step: string
  readonly text: string
  readonly tone: TextTone
}

/** A run: being executed, watched, or read back from its journal. */
export interface RunState {
  readonly id: string
  /** `null` until its first event has arrived. */
  readonly view: RunView | null
  readonly log: readonly LogLine[]
  readonly isActive: boolean
  /** Who is at it, when that is somebody else: the run is watched, and nothing here reaches it. */
  readonly holder?: LockInfo
  readonly isPaused: boolean
  readonly isAborting: boolean
  readonly outcome: Pick<RunOutcome, 'result' | 'exitCode'> | null
  readonly error: ErrorReport | null
  /** The command line that does the same. */
  readonly command: string
  /** How the version that was gone back to does; `null` where that is not watched. */
  readonly health: RunHealth | null
}

export type RunHealth =
  | { readonly state: 'watching' }
  | { readonly state: ReleaseVerdict; readonly watchedMs: number; readonly why: string }

/** What is known of the health of what is live. */
export interface HealthState {
  /** `guard`: as long as the app is open; `run`: beside a run; `window`: what a rollback went back to. */
  readonly purpose: 'guard' | 'run' | 'window'
  /** `null` until it has begun. */
  readonly view: WatchView | null
  /** Why nothing is watched any more. */
  readonly error: ErrorReport | null
}

/** The slots and the deploy between them, as far as they are known. */
export interface TrafficState {
  /** What the balancer said last; `null` before the first answer. */
  readonly report: TrafficReport | null
  /** Requests a second each slot got between the last two reads; `null` where that cannot be told. */
  readonly rates: PerSlot<number> | null
  readonly readAt: string
  /** Why the balancer could not be read the last time. */
  readonly error: ErrorReport | null
  /** The deploy that goes on, or went on last while the app was open. */
  readonly deploy: DeployView | null
  /** Whether its events arrive by themselves; otherwise nobody is at work on it. */
  readonly isFollowed: boolean
  readonly log: readonly LogLine[]
}

/** The one plan that is shown, confirmed and run, and the words it was asked for with. */
export interface PlanState {
  /** A copy of what the engine made that is safe to print; what it skips and overrides stands in it. */
  readonly plan: RollbackPlan
  /** What was asked to be skipped, as `--except` takes it. */
  readonly except: readonly string[]
  readonly target: string
}

export interface PruneState {
  readonly plan: PrunePlan
  readonly selection: Selection
}

export interface CompareState {
  /** History ids. */
  readonly left: number
  readonly right: number
  readonly onlyChanges: boolean
}

export interface Options {
  readonly isReadOnly: boolean
  readonly canSavePlan: boolean
  /** `bagboy-tui`, as it stands in command lines that can be copied. */
  readonly program: string
  /** Where things are, for the help. */
  readonly notes?: readonly string[]
}

export interface AppState {
  readonly options: Options
  readonly screen: Screen
  readonly back: readonly Screen[]
  /** Monotonic, ms: keys that change the world are ignored for a moment after a screen change. */
  readonly screenSinceMs: number
  /** Wall clock of the last read or tick. */
  readonly now: string
  readonly readAt: string
  /** When `registries` was read; `null` with it. */
  readonly registriesAt: string | null
  readonly overview: Overview | null
  readonly overviewError: ErrorReport | null
  readonly registries: readonly RegistryStatus[] | null
  readonly registriesError: ErrorReport | null
  readonly isReadingRegistries: boolean
  readonly busy: Busy | null
  readonly flash: Flash | null
  readonly error: ErrorReport | null
  /** Cursor of each screen's list. */
  readonly cursors: Readonly<Partial<Record<Screen, number>>>
  readonly filter: { readonly text: string; readonly isOpen: boolean }
  readonly help: { readonly text: string; readonly offset: number } | null
  readonly dialog: Dialog | null
  /** History id of the version that is marked for a comparison. */
  readonly markedId: number | null
  readonly compare: CompareState | null
  readonly plan: PlanState | null
  /** The newest run of this session, ours or somebody else's that is watched: what the app leaves with. */
  readonly run: RunState | null
  /** A run that was read from its journal; it stands in front of `run` on the result screen. */
  readonly past: RunState | null
  /** The open run the resume screen is about, read or not. */
  readonly recoveryRun: string | null
  readonly recovery: RecoveryReport | null
  /** When the registries were read for it. */
  readonly recoveryAt: string
  readonly prune: PruneState | null
  /** `null` until it has been read. */
  readonly trust: TrustReport['state'] | null
  /** `null` where nothing is configured that could be watched. */
  readonly health: HealthState | null
  /** `null` where no balancer is configured. */
  readonly traffic: TrafficState | null
}

export function initialState(options: Options, now: string): AppState {
  return {
    options,
    screen: 'history',
    back: [],
    screenSinceMs: 0,
    now,
    readAt: now,
    registriesAt: null,
    overview: null,
    overviewError: null,
    registries: null,
    registriesError: null,
    isReadingRegistries: false,
    busy: { label: 'Reading the history', canCancel: false },
    flash: null,
    error: null,
    cursors: {},
    filter: { text: '', isOpen: false },
    help: null,
    dialog: null,
    markedId: null,
    compare: null,
    plan: null,
    run: null,
    past: null,
    recoveryRun: null,
    recovery: null,
    recoveryAt: now,
    prune: null,
    trust: null,
    health: null,
    traffic: null,
  }
}
