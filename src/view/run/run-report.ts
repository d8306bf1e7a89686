import type { RunView } from '../../events/project-run.ts'
import type { RestoredHealth } from './restored-health.ts'

/** A run as one document. Additions only: scripts read it. Pure. */
export function runReport(
  view: RunView,
  exitCode: number | null,
  health: RestoredHealth | null = null,
): Readonly<Record<string, unknown>> {
  const { plan } = view
  return {
    schema: 1,
    run: view.id,
    kind: plan.kind,
    app: plan.app,
    environment: plan.environment,
    from: plan.from,
    to: plan.to,
    phase: view.phase,
    direction: view.direction,
    result: view.result,
    exitCode,
    summary: view.summary,
    startedAt: view.startedAt,
    finishedAt: view.finishedAt,
    deploymentId: view.deploymentId,
    historyRevision: view.historyRevision,
    steps: view.steps.map(({ id, plan: step, status, direction, attempt, detail, error, proof, durationMs }) => ({
      id,
      ...step.package,
      title: step.title,
      status,
      direction,
      attempt,
      detail,
      error,
      proof,
      durationMs,
    })),
    excluded: view.excluded,
    trigger: plan.trigger ?? null,
    health,
    findings: view.findings,
    observations: view.observations,
  }
}
