import type { RollbackPlan } from '../../../src/domain/plan.ts'
import type { RunEvent } from '../../../src/events/events.ts'
import { projectRun, type RunView } from '../../../src/events/project-run.ts'
import type { RunState } from '../../../store/run/run-state.ts'
import { aPlan, NOW } from './app-builders.ts'

/** A run to which all of this has happened, one event a second. */
export function aRunView(events: readonly RunEvent[], plan: RollbackPlan = aPlan()): RunView {
  const all: readonly RunEvent[] = [
    { type: 'run.started', plan, planHash: 'p'.repeat(64), epoch: 4, actor: { user: 'ana' }, tool: '0.9.0' },
    { type: 'phase.changed', signal: 'plan.accepted', from: 'planning', to: 'rollbackInitiated' },
    { type: 'phase.changed', signal: 'lock.taken', from: 'rollbackInitiated', to: 'validation' },
    { type: 'phase.changed', signal: 'validation.passed', from: 'validation', to: 'rollbackInProgress' },
    ...events,
  ]
  const view = all
    .map((event, index) => ({
      ...event,
      run: plan.id,
      seq: index + 1,
      at: new Date(Date.parse(NOW) + index * 1000).toISOString(),
    }))
    .reduce<RunView | undefined>(projectRun, undefined)
  if (!view) throw new Error('it begins with its start')
  return view
}

/** A step that was done and read back. */
export function doneStep(step: string): readonly RunEvent[] {
  const intent = { direction: 'do', key: 'k', attempt: 1, pre: null, want: null, actions: [], undo: [] } as const
  return [
    { type: 'step.started', step, direction: 'do', attempt: 1 },
    { type: 'step.intent', step, ...intent },
    { type: 'step.answered', step, action: 'commit and push', error: null },
    { type: 'step.verified', step, direction: 'do', proof: null, revision: null, readCount: 2 },
    { type: 'step.finished', step, status: 'done', detail: 'reads back 1.29.0', error: null, durationMs: 2300 },
  ]
}

/** A step whose registry refused it. */
export function failedStep(step: string, message = 'the registry said 403'): readonly RunEvent[] {
  const error = { code: 'REGISTRY_FORBIDDEN', message, hint: null, details: null } as const
  return [
    { type: 'step.started', step, direction: 'do', attempt: 2 },
    { type: 'step.answered', step, action: 'commit and push', error },
    { type: 'step.finished', step, status: 'failed', detail: '', error, durationMs: 900 },
  ]
}

/** As the app holds a run. */
export function aRunState(view: RunView | null, parts: Partial<RunState> = {}): RunState {
  return {
    id: view?.id ?? aPlan().id,
    view,
    log: [],
    isActive: false,
    isPaused: false,
    isAborting: false,
    outcome: view?.result == null ? null : { result: view.result, exitCode: view.exitCode ?? 1 },
    error: null,
    command: `bagboy-tui runs show ${view?.id ?? ''}`,
    health: null,
    ...parts,
  }
}
