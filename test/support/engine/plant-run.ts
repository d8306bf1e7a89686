import { join } from 'node:path'
import { createJournalStore } from '../../../src/journal/file-journal.ts'
import type { Stamped } from '../../../src/events/events.ts'
import type { RollbackPlan } from '../../../src/domain/plan.ts'
import { createNodeClock } from '../../../src/platform/node/clock.ts'
import { createNodeFiles } from '../../../src/platform/node/files/files.ts'
import { TEST_KEYS } from '../test-keys.ts'

/**
 * Leaves an open run in a project, well formed and signed by another user, whose first step claims to be half done with a
 * request to `host`. @returns its id
 */
export async function plantRun(root: string, planText: string, host: string): Promise<string> {
  const plan = JSON.parse(planText) as RollbackPlan
  const folder = join(root, '.bagboy/runs')
  const store = createJournalStore({ files: createNodeFiles(), keys: TEST_KEYS, clock: createNodeClock(), folder })
  const journal = await store.create(plan.id, planText)
  const [step] = plan.steps
  const sent = [{ kind: 'http', title: 'x', method: 'PUT', url: `http://${host}/planted`, headers: {}, body: 'x' }]
  const events = [
    { type: 'run.started', plan, planHash: 'x', epoch: 1, actor: { user: 'mallory', host: 'elsewhere' }, tool: 'x' },
    { type: 'run.decided', direction: 'do', reason: '' },
    {
      type: 'step.intent',
      step: step?.id,
      direction: 'do',
      key: 'k',
      attempt: 1,
      pre: null,
      want: null,
      actions: sent,
      undo: sent,
    },
    { type: 'step.progress', step: step?.id, status: 'executing', done: 0, total: 1, label: '' },
  ]
  for (const [index, event] of events.entries()) {
    await journal.append({ ...event, run: plan.id, seq: index + 1, at: plan.created } as unknown as Stamped)
  }
  await journal.close()
  return plan.id
}
