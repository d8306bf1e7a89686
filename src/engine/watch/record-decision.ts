import type { JsonObject } from '../../domain/text/json.ts'
import { conditionRecords } from '../../domain/health/trigger.ts'
import type { EngineParts } from '../engine-parts.ts'
import type { WatchOutcome, WatchResult } from './watch.ts'

/**
 * Writes down what was decided about the version that is live when nothing came of it: that no trigger was met, that
 * nothing could be said, or why what fired was not acted on. The same decision again is not written again.
 */
export async function recordDecision(parts: EngineParts, deploymentId: number, outcome: WatchOutcome): Promise<void> {
  const decided = decisionOf(outcome.result)
  if (!decided) return
  const at = parts.platform.clock.now()
  const conditions = conditionRecords(outcome.view.rules).map((condition) => ({ ...condition }))
  await parts.history.commit(
    ({ history }) => {
      const entry = history.deployments.find(({ id }) => id === deploymentId)
      if (entry?.status !== 'active' || isSame(entry.healthDecision, decided)) return []
      const { id, ...deployment } = entry
      return [{ kind: 'replace', id, deployment: { ...deployment, healthDecision: { ...decided, at, conditions } } }]
    },
    { run: '', epoch: 0, purpose: `health ${decided.result}`, actor: parts.actor },
  )
}

interface Decision {
  readonly result: 'quiet' | 'inconclusive' | 'refused' | 'vetoed'
  readonly why: string
}

function decisionOf(result: WatchResult): Decision | undefined {
  switch (result.kind) {
    case 'quiet':
      return { result: 'quiet', why: 'no trigger was met' }
    case 'inconclusive':
      return { result: 'inconclusive', why: result.why }
    case 'refused':
      return { result: 'refused', why: `${result.error.code}: ${result.error.message}` }
    case 'vetoed':
      return { result: 'vetoed', why: 'it was stopped' }
    case 'stopped':
    case 'approved':
    case 'proposed':
    case 'judged':
      return undefined
  }
}

function isSame(before: JsonObject | undefined, { result, why }: Decision): boolean {
  return before?.['result'] === result && before['why'] === why
}
