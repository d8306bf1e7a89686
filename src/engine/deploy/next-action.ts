import type { DeployStage } from '../../domain/traffic/deploy-plan.ts'
import { BagboyError } from '../../errors/bagboy-error.ts'
import { sameSplit } from '../../domain/traffic/traffic.ts'
import type { DeployEvent, DeployQuestion, DeployResult } from '../../events/deploy-events.ts'
import type { DeployView, StageView } from '../../events/deploy-view.ts'

type Decision = Extract<DeployEvent, { type: 'deploy.decided' }>

/** What a deploy does next. */
export type DeployAction =
  /** A stage begins; `endsAt` is its deadline. */
  | { readonly do: 'begin'; readonly stage: number; readonly endsAt: string | null }
  /** A stage that has begun, here or in a process that is gone. */
  | { readonly do: 'work'; readonly stage: number }
  /** Until then, or, `null`, until a person says something. */
  | { readonly do: 'wait'; readonly until: string | null }
  | { readonly do: 'expire'; readonly stage: number; readonly next: 'go-on' | 'back' | 'wait' }
  | { readonly do: 'ask'; readonly question: DeployQuestion }
  | ({ readonly do: 'turn-back' } & Omit<Decision, 'type' | 'direction'>)
  /** What we had written before it was changed elsewhere. */
  | { readonly do: 'restore' }
  | { readonly do: 'go-back' }
  | { readonly do: 'conclude'; readonly result: DeployResult }
  /** A person has to put something right outside first: the process ends, the deploy stays open. */
  | { readonly do: 'leave' }
  | { readonly do: 'end' }

const WAIT_FOR_PERSON = { do: 'wait', until: null } as const

/** What a deploy does next, as it stands at `now` (RFC 3339). Pure; the same after a crash as before it. */
export function nextAction(view: DeployView, now: string): DeployAction {
  if (view.result !== null) return { do: 'end' }
  if (view.isLeft) return { do: 'conclude', result: 'left' }
  if (view.question) return canOnlyLeave(view.question) ? { do: 'leave' } : WAIT_FOR_PERSON
  if (view.direction === 'back') return onTheWayBack(view)
  if (view.abortReason !== null) return abort(view, view.abortReason)
  if (view.isPaused) return WAIT_FOR_PERSON
  if (view.mustRestore) return { do: 'restore' }
  const current = view.stages[view.position]
  if (!current) return { do: 'conclude', result: view.plan.kind === 'deploy' ? 'promoted' : 'shifted' }
  return atStage(view, current, now)
}

/** A slot or the balancer has to be repaired first, so there is no answer to wait for. */
function canOnlyLeave({ kind }: DeployQuestion): boolean {
  return kind === 'other-slot-failing' || kind === 'provider'
}

function onTheWayBack(view: DeployView): DeployAction {
  const { before } = view.plan
  // Without a read since the start what it was started on still stands.
  const isAsBefore = sameSplit(view.expected, before) && sameSplit(view.traffic?.split ?? before, before)
  const isUntouched = !view.hasMoved && !view.owed && !view.foreign && isAsBefore
  if (!view.isBack && !isUntouched) return { do: 'go-back' }
  return { do: 'conclude', result: view.decision?.result ?? 'reverted' }
}

/** It is ended early. What was found about the version until then still counts. */
function abort(view: DeployView, reason: string): DeployAction {
  const current = view.stages[view.position]
  const isVersionBad = current?.status === 'failed' && current.isVersionBad
  const result = isVersionBad ? (hasTraffic(view) ? 'reverted' : 'refused') : 'aborted'
  return { do: 'turn-back', reason, evidence: isVersionBad ? current.evidence : null, isVersionBad, result }
}

/** Whether users may have met the version: a write that is owed may have been done. */
function hasTraffic({ hasMoved, owed }: DeployView): boolean {
  return hasMoved || owed !== null
}

function atStage(view: DeployView, current: StageView, now: string): DeployAction {
  const { position: stage } = view
  switch (current.status) {
    case 'pending':
      return { do: 'begin', stage, endsAt: deadline(current.stage, now) }
    case 'running':
      return atRunning(current, stage, now)
    case 'failed':
      return afterFailure(view, current)
    case 'inconclusive':
      return afterSilence(view, current)
    case 'passed':
    case 'skipped':
      throw new BagboyError('BUG', `stage ${stage} of the deploy ${view.id} is over and still the current one`)
  }
}

/** Absolute: a restart extends no gate or pause. A stage that needs its whole time starts again with a new one. */
function deadline(stage: DeployStage, now: string): string | null {
  if (!('ms' in stage) || stage.ms === null) return null
  return new Date(Date.parse(now) + stage.ms).toISOString()
}

function atRunning({ stage, endsAt }: StageView, position: number, now: string): DeployAction {
  if (stage.kind !== 'gate' && stage.kind !== 'pause') return { do: 'work', stage: position }
  if (endsAt === null || now < endsAt) return { do: 'wait', until: endsAt }
  return { do: 'expire', stage: position, next: stage.kind === 'gate' ? 'go-on' : AFTER_PAUSE[stage.onTimeout] }
}

const AFTER_PAUSE = { revert: 'back', promote: 'go-on', 'go-on': 'go-on', wait: 'wait' } as const

function afterFailure(view: DeployView, current: StageView): DeployAction {
  const { detail, evidence, isVersionBad } = current
  const hasMoved = hasTraffic(view)
  if (hasMoved && view.plan.onFailure === 'pause') return ask('failed', current)
  const result = hasMoved ? 'reverted' : 'refused'
  return { do: 'turn-back', reason: detail, evidence, isVersionBad, result }
}

/** An inconclusive step never fails a version; before traffic moved, no risk is taken for it either. */
function afterSilence(view: DeployView, current: StageView): DeployAction {
  if (hasTraffic(view)) return ask('inconclusive', current)
  const { detail, evidence } = current
  return { do: 'turn-back', reason: detail, evidence, isVersionBad: false, result: 'refused' }
}

/** A share the balancer refused is nothing that a person could let through. */
function ask(kind: 'failed' | 'inconclusive', { stage, detail }: StageView): DeployAction {
  const choices = stage.kind === 'weight' ? (['resume', 'abort'] as const) : (['promote', 'resume', 'abort'] as const)
  return { do: 'ask', question: { kind, detail, choices, error: null } }
}
