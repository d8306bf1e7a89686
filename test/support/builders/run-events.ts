import type { RollbackPlan } from '../../../src/domain/plan.ts'
import type { ErrorReport } from '../../../src/errors/bagboy-error.ts'
import type { RunEvent, RunResult, Stamped } from '../../../src/events/events.ts'

const FAILURE: ErrorReport = { code: 'REGISTRY_UNREACHABLE', message: 'no answer', hint: null, details: null }

const EXIT_CODES = { complete: 0, undone: 0, partial: 6, failed: 6, manual: 7, aborted: 12 } as const

/** What a run of this plan says about itself; `failing` names the formats whose registry does not answer. */
export function runEvents(plan: RollbackPlan, result: RunResult, failing: readonly string[] = []): readonly Stamped[] {
  const events: RunEvent[] = [
    { type: 'run.started', plan, planHash: 'sha256:0', epoch: 1, actor: { user: 'alice' }, tool: 'bagboy-tui' },
    { type: 'phase.changed', signal: 'plan.accepted', from: 'planning', to: 'rollbackInitiated' },
    ...plan.steps.flatMap((step) => stepEvents(step.id, !failing.includes(step.package.format))),
    {
      type: 'sweep.finished',
      observations: plan.steps.map(({ id }) => ({ step: id, pointer: null, serving: null, agrees: true })),
    },
    { type: 'history.committed', deploymentId: 4, revision: 1 },
    { type: 'run.finished', result, exitCode: EXIT_CODES[result], summary: '' },
  ]
  return events.map((event, at) => ({
    ...event,
    run: plan.id,
    seq: at + 1,
    at: new Date(Date.UTC(2026, 1, 1, 18, 42, at)).toISOString(),
  }))
}

function stepEvents(step: string, isGood: boolean): readonly RunEvent[] {
  const intent = { direction: 'do', key: 'k', attempt: 1, pre: null, want: null, actions: [], undo: [] } as const
  return [
    { type: 'step.started', step, direction: 'do', attempt: 1 },
    { type: 'step.intent', step, ...intent },
    { type: 'step.progress', step, status: 'verifying', done: 1, total: 2, label: 'reading back' },
    isGood
      ? { type: 'step.verified', step, direction: 'do', proof: { latest: '1.2.0' }, revision: null, readCount: 2 }
      : { type: 'step.answered', step, action: 'move', error: FAILURE },
    {
      type: 'step.finished',
      step,
      status: isGood ? 'done' : 'failed',
      detail: isGood ? 'reads back 1.2.0' : '',
      error: isGood ? null : FAILURE,
      durationMs: 1200,
    },
  ]
}
