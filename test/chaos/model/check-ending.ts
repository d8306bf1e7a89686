import type { History } from '../../../src/domain/deployment.ts'
import type { RunOutcome } from '../../../src/engine/engine.ts'
import type { StepView } from '../../../src/events/project-run.ts'
import { sameJson, type Json } from '../../../src/domain/text/json.ts'
import { comparePointer } from '../../../src/engine/rollback/step/pointer-state.ts'
import type { MemoryWorld } from '../../support/registries/memory-driver.ts'
import type { WorldWatch } from './watch-world.ts'

export interface Ended {
  readonly outcome: RunOutcome
  readonly history: History
  /** The version that was live by the history when the command began; `undefined` without one. */
  readonly liveBefore: string | undefined
  readonly world: MemoryWorld
  readonly watch: WorldWatch
}

/** What a run that ended said, held against the registries and the history. Pure. @returns what is not so */
export function checkEnding(ended: Ended): readonly string[] {
  const { outcome, world, watch } = ended
  // No run took place: what stands there is the run that was named.
  if (outcome.nothingToDo !== undefined) return outcome.exitCode === 0 ? [] : [`nothing to do, ${outcome.exitCode}`]
  const { steps, observations } = outcome.view
  const isUnread = (id: string) => observations.some(({ step, pointer }) => step === id && pointer === null)
  // What could not be read at the end is said to be so, and the run does not end well.
  const claims = steps.filter(({ id, plan }) => !watch.isUnseen(plan.package.registry) && !isUnread(id))
  const isBroken = (step: StepView) => {
    // It could not be read when it was planned, and had nothing to do when it could.
    if (step.plan.deferred !== '' && !step.wasIntended) return false
    const wanted = step.status === 'undone' ? step.before : step.want
    return CLAIMS.includes(step.status) && !sameJson(pointerOf(world, step), wanted)
  }
  const isGood = outcome.exitCode === 0
  const isSettled = steps.every(({ status }) => CLAIMS.includes(status) || status === 'skipped')
  return [
    ...claims.filter(isBroken).map((step) => `${step.id} is said to be ${step.status}`),
    ...(isGood && !isSettled ? [`${outcome.result} ${outcome.exitCode} with open steps`] : []),
    ...checkExit(outcome),
    ...checkHistory(ended),
  ]
}

/** A rollback that was taken back after a failure went well, and did not do what it was asked for. */
function checkExit({ result, exitCode, view }: RunOutcome): readonly string[] {
  const mayBeBack = result === 'undone' && view.plan.onPartialFailure === 'undo'
  const isGood = result === 'complete' || result === 'undone'
  return (exitCode === 0) === isGood || mayBeBack ? [] : [`${result} with ${exitCode}`]
}

const CLAIMS: readonly string[] = ['done', 'already', 'undone']

function checkHistory(ended: Ended): readonly string[] {
  const { outcome, history, liveBefore } = ended
  const { plan, id } = outcome.view
  const entries = history.deployments.filter(({ run }) => run === id)
  const active = history.deployments.filter(({ status }) => status === 'active')
  // An owner who died right after its commit had said so: what comes later is drift, not another history.
  const wasWritten = entries[0]?.status === 'active'
  // A run that was handed over left the history as it was: what its undo leaves is then no version of the plan's start.
  const unmoved = outcome.result === 'undone' ? [plan.from, liveBefore] : [liveBefore]
  const expected = hasMovedAll(outcome) || wasWritten ? [plan.to] : unmoved
  const isAsExpected = expected.includes(active[0]?.version) || plan.steps.length === 0
  return [
    ...(entries.length > 1 ? [`${entries.length} entries of one run`] : []),
    ...(active.length === 1 ? [] : [`${active.length} active entries`]),
    ...(isAsExpected ? [] : [`${active[0]?.version} active after ${outcome.result}`]),
    ...checkHolds(ended),
  ]
}

/** Every package went where the plan leads, and none was left out. */
function hasMovedAll({ result, view: { plan } }: RunOutcome): boolean {
  const isWhole = !plan.excluded.some(({ status }) => status === 'skipped')
  return result === 'complete' && plan.steps.length > 0 && isWhole
}

function checkHolds({ outcome, history }: Ended): readonly string[] {
  const { result, view } = outcome
  const { plan } = view
  const isHeld = (version: string) => history.held.some((hold) => hold.version === version)
  const isUndone = result === 'complete' && plan.steps.length > 0 && plan.kind === 'undo'
  const isLeft = (isUndone && isHeld(plan.to)) || (result === 'undone' && isHeld(plan.from))
  return [
    ...(hasMovedAll(outcome) && plan.hold && !isHeld(plan.from) ? [`${plan.from} is not held`] : []),
    ...(isLeft ? ['a hold was left'] : []),
  ]
}

/** What has to be so once everything is healed and somebody has gone on with the run. Pure. @returns what is not */
export function checkConverged({ outcome: { view, result }, world }: Ended): readonly string[] {
  const isBack = view.direction === 'undo'
  const wrong = view.steps.filter((step) => {
    const pointer = pointerOf(world, step)
    if (step.status === 'skipped' || (step.plan.deferred !== '' && !step.wasIntended)) return false
    if (step.status === 'conflict') return ['before', 'want'].includes(comparePointer(pointer, step.before, step.want))
    return !sameJson(pointer, isBack ? step.before : step.want)
  })
  const isPending = view.steps.some(({ status }) => ![...CLAIMS, 'skipped', 'conflict'].includes(status))
  const hasConflict = view.steps.some(({ status }) => status === 'conflict' || status === 'skipped')
  const isDone = result === 'complete' || result === 'undone'
  return [
    ...wrong.map(({ id, status }) => `${id} (${status}) is at neither end`),
    ...(isPending || (!isDone && !hasConflict)
      ? [`${result}: ${view.steps.map(({ status }) => status).join(', ')}`]
      : []),
  ]
}

function pointerOf(world: MemoryWorld, { plan }: StepView): Json {
  return { tags: { ...world.registry(plan.package.registry).tags } }
}
