import type { AppState } from '../state.ts'
import type { Stamped } from '../../src/events/events.ts'
import { projectRun, type RunView } from '../../src/events/project-run.ts'
import { runEventText } from '../../src/view/run/event-line.ts'
import { logLines } from './log-line.ts'
import type { PastEvent, RunAppEvent, LogLine, RunState } from './run-state.ts'

const LOG_LENGTH = 500

export function reduceRun(run: RunState | null, event: RunAppEvent): RunState | null {
  if (event.type === 'run.opened') return openRun(event.run)
  if (event.type === 'run.closed') return null
  if (!run) return run
  switch (event.type) {
    case 'run.events':
      return foldEvents(run, event.events)
    case 'run.paused':
      return { ...run, isPaused: event.isPaused }
    case 'run.aborting':
      return { ...run, isAborting: true }
    case 'run.holder':
      return run.holder ? { ...run, holder: event.holder } : run
    case 'run.ended':
      return {
        ...run,
        isActive: false,
        isPaused: false,
        isAborting: false,
        outcome: { result: event.outcome.result, exitCode: event.outcome.exitCode },
      }
    case 'run.health':
      return run.id === event.run ? { ...run, health: event.health } : run
    case 'run.failed':
      return { ...run, isActive: false, isPaused: false, isAborting: false, error: event.error }
  }
}

/** A run as its journal tells it. */
export function readPast({ run, events }: PastEvent): RunState {
  return foldEvents(openRun({ ...run, isActive: false }), events)
}

function openRun(run: Extract<RunAppEvent, { type: 'run.opened' }>['run']): RunState {
  return { ...run, view: null, log: [], isPaused: false, isAborting: false, outcome: null, error: null, health: null }
}

function foldEvents(run: RunState, events: readonly Stamped[]): RunState {
  const seen = run.view?.lastSeq ?? 0
  const view = events.reduce<RunView | undefined>(projectRun, run.view ?? undefined)
  if (!view) return run
  const lines = events.filter(({ seq }) => seq > seen).flatMap((event) => logLines(event, runEventText(event, view)))
  return { ...run, view, log: lines.reduce(append, run.log).slice(-LOG_LENGTH) }
}

/** The same thing said twice in a row by the same step (a poll) keeps one line, with its newest time. */
function append(log: readonly LogLine[], line: LogLine): readonly LogLine[] {
  const last = log.at(-1)
  return last && last.text === line.text && last.step === line.step ? [...log.slice(0, -1), line] : [...log, line]
}

const NOT_READ = { registries: null, registriesAt: null, registriesError: null } as const

/** What else an event of a run changes: from its start on, what was read of the registries before is no longer true. */
export function aroundRun(event: RunAppEvent): Partial<AppState> {
  if (event.type === 'run.events') return { now: event.now }
  if (event.type === 'run.ended' || event.type === 'run.failed') return { past: null }
  return event.type === 'run.opened' ? { past: null, ...NOT_READ } : {}
}
