import type { Overview, RecoveryReport, RegistryStatus } from '../src/engine/engine.ts'
import type { ErrorReport } from '../src/errors/bagboy-error.ts'
import type { TrustReport } from '../src/trust/trust-report.ts'
import type { Dialog } from './dialog/dialog.ts'
import type { PruneState } from './prune/selection.ts'
import type { RunState } from './run/run-state.ts'
import type { HealthState } from './health/health-state.ts'
import type { TrafficState } from './traffic/traffic-state.ts'
import type { PlanState } from './plan/plan-state.ts'
import type { CompareState } from './history/history-state.ts'

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
  /** The newest run of this session, ours or one that is watched: its exit code is the app's. */
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
