import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { RunEvent, Stamped } from '../../../src/events/events.ts'
import { projectRun } from '../../../src/events/project-run.ts'
import { countSteps } from '../../../src/events/count-steps.ts'
import { mayHaveMoved } from '../../../src/events/step-ending.ts'
import { aPlan } from '../../support/builders/a-plan.ts'
import { SEED } from '../../support/effort.ts'

const plan = aPlan()
const ids = plan.steps.map(({ id }) => id)
const [first = ''] = ids

const started: RunEvent = { type: 'run.started', plan, planHash: 'sha256:0', epoch: 1, actor: {}, tool: 'test' }
const intent = (step: string): RunEvent => ({
  type: 'step.intent',
  step,
  direction: 'do',
  key: 'k',
  attempt: 1,
  pre: { latest: '1.3.0' },
  want: { latest: '1.2.0' },
  actions: [],
  undo: [],
})
const verified = (step: string): RunEvent => ({
  type: 'step.verified',
  step,
  direction: 'do',
  proof: { latest: '1.2.0' },
  revision: null,
  readCount: 2,
})
const finished = (step: string): RunEvent => ({
  type: 'step.finished',
  step,
  status: 'done',
  detail: '',
  error: null,
  durationMs: 5,
})

function stamp(events: readonly RunEvent[]): readonly Stamped[] {
  return events.map((event, index) => ({ ...event, run: plan.id, seq: index + 1, at: '2026-02-01T18:00:00.000Z' }))
}

const fold = (events: readonly Stamped[]) => events.reduce(projectRun, undefined)

test('an intent without its proof is owed, and unknown once another process adopts the run', () => {
  const events = stamp([started, intent(first), { type: 'run.adopted', epoch: 2, actor: {} }])

  const view = fold(events)

  expect(view?.steps[0]).toMatchObject({ status: 'unknown', isOwed: true, wasIntended: true })
  expect(view?.steps[1]).toMatchObject({ status: 'pending', isOwed: false })
  expect(view).toMatchObject({ epoch: 2, phase: 'interrupted' })
})

test('what an older owner wrote behind the last record that counts does not keep a newer one from being seen', () => {
  const seen = fold(stamp([started, intent(first), verified(first)]))
  const [, , adopted] = stamp([started, intent(first), { type: 'run.adopted', epoch: 2, actor: {} }])

  const view = adopted && projectRun(seen, adopted)

  expect(view).toMatchObject({ epoch: 2, phase: 'interrupted', lastSeq: 3 })
  expect(adopted && projectRun(view, adopted)).toBe(view)
})

test('a proved step is done and full', () => {
  const view = fold(stamp([started, intent(first), verified(first), finished(first)]))

  expect(view?.steps[0]).toMatchObject({ status: 'done', isOwed: false, proof: { latest: '1.2.0' } })
  expect(view?.steps[0]?.done).toBe(view?.steps[0]?.total)
  expect(view && countSteps(view)).toEqual({ done: 1, skipped: 0, running: 0, waiting: 1, failed: 0 })
})

test('a second intent does not overwrite what the first one captured', () => {
  const later: RunEvent = { ...intent(first), type: 'step.intent', pre: { latest: 'half' } } as RunEvent

  const view = fold(stamp([started, intent(first), later]))

  expect(view?.steps[0]?.before).toEqual({ latest: '1.3.0' })
})

test('replaying any part of the stream again changes nothing', () => {
  const events = stamp([started, ...ids.flatMap((id) => [intent(id), verified(id), finished(id)])])
  const once = fold(events)

  fc.assert(
    fc.property(fc.nat(events.length), fc.nat(events.length), (from, to) => {
      const replayed = [...events, ...events.slice(Math.min(from, to), Math.max(from, to))]

      expect(fold(replayed)).toEqual(once)
    }),
    { seed: SEED },
  )
})

test('an answer to what moves nothing leaves a step that was refused without anything to take back', () => {
  const error = { code: 'REGISTRY_REJECTED', message: 'the tag is immutable', hint: null, details: null } as const
  const answers: readonly RunEvent[] = [
    { type: 'step.answered', step: first, action: 'guard', error: null, movesNothing: true },
    { type: 'step.answered', step: first, action: 'move', error },
  ]

  const views = [[answers[0]], [answers[0], answers[1]], [{ ...answers[0], movesNothing: false }, answers[1]]].map(
    (given) => fold(stamp([started, intent(first), ...(given as readonly RunEvent[])]))?.steps[0],
  )

  expect(views.map((step) => step && mayHaveMoved(step))).toEqual([false, false, true])
})
