import type { DeployStage } from '../domain/traffic/deploy-plan.ts'
import { sameSplit } from '../domain/traffic/traffic.ts'
import { applyCommand } from './apply-command.ts'
import type { StampedDeploy } from './deploy-events.ts'
import type { StageView, DeployView } from './deploy-view.ts'

/**
 * The one fold of a deploy's events: the engine, the printer, the app and recovery all use it. Pure; what it has already
 * seen changes nothing, but for the first record of a newer owner: what the older one wrote behind it does not count.
 */
export function projectDeploy(view: DeployView | undefined, event: StampedDeploy): DeployView | undefined {
  if (!view) return event.type === 'deploy.started' ? startView(event) : undefined
  const isTakeover = event.type === 'deploy.adopted' && event.epoch > view.epoch
  if (event.seq <= view.lastSeq && !isTakeover) return view
  return { ...view, ...change(view, event), lastSeq: event.seq }
}

function startView(event: Extract<StampedDeploy, { type: 'deploy.started' }>): DeployView {
  const { plan, epoch, actor } = event
  return {
    id: event.run,
    plan,
    epoch,
    actor,
    stages: plan.stages.map(startStage),
    position: 0,
    direction: 'forward',
    decision: null,
    question: null,
    askedSeq: 0,
    isPaused: false,
    abortReason: null,
    traffic: null,
    expected: plan.before,
    owed: null,
    foreign: null,
    mustRestore: false,
    floorPercent: 0,
    hasMoved: false,
    isBack: false,
    isLeft: false,
    commands: [],
    deploymentId: null,
    kept: null,
    result: null,
    exitCode: null,
    summary: '',
    startedAt: event.at,
    finishedAt: null,
    lastSeq: event.seq,
  }
}

function startStage(stage: DeployStage): StageView {
  return {
    stage,
    status: 'pending',
    startedAt: null,
    endsAt: null,
    finishedAt: null,
    detail: '',
    evidence: null,
    isVersionBad: false,
    measurements: [],
    analyses: {},
  }
}

function change(view: DeployView, event: StampedDeploy): Partial<DeployView> {
  switch (event.type) {
    case 'deploy.started':
    case 'health.sampled':
    case 'health.changed':
    case 'traffic.retrying':
    case 'traffic.drained':
    case 'hold.placed':
      return {}
    case 'deploy.adopted':
      return { epoch: event.epoch }
    case 'deploy.commanded': {
      const commands = [...view.commands, event.id]
      return event.refusal === '' ? { ...applyCommand(view, event), commands } : { commands }
    }
    case 'deploy.decided':
      return { direction: 'back', decision: event, question: null, isPaused: false, mustRestore: false }
    case 'deploy.asked':
      return { question: event.question, askedSeq: event.seq }
    case 'history.committed':
      return { deploymentId: event.deploymentId }
    case 'slot.kept':
      return { kept: { slot: event.slot, version: event.version, until: event.until } }
    case 'deploy.finished':
      return { result: event.result, exitCode: event.exitCode, summary: event.summary, finishedAt: event.at }
    case 'stage.started':
    case 'stage.expired':
    case 'stage.finished':
    case 'analysis.measured':
      return changeStage(view, event)
    case 'traffic.observed':
    case 'traffic.intended':
    case 'traffic.moved':
    case 'traffic.refused':
    case 'traffic.changed':
      return changeTraffic(view, event)
    default:
      return unknownEvent(event)
  }
}

/** A newer version of the program recorded it: what it says is passed over. */
function unknownEvent(event: never): Partial<DeployView> {
  void event
  return {}
}

type StageEvent = Extract<StampedDeploy, { type: `stage.${string}` | 'analysis.measured' }>

function changeStage(view: DeployView, event: StageEvent): Partial<DeployView> {
  const stages = view.stages.map((one, index) => (index === event.stage ? { ...one, ...changeOne(one, event) } : one))
  const isOver = event.type === 'stage.finished' && (event.result === 'passed' || event.result === 'skipped')
  return isOver ? { stages, position: event.stage + 1 } : { stages }
}

function changeOne(stage: StageView, event: StageEvent): Partial<StageView> {
  switch (event.type) {
    case 'stage.started':
      return { status: 'running', startedAt: event.at, endsAt: event.endsAt, measurements: [], analyses: {} }
    case 'stage.expired':
      return event.next === 'wait' ? { endsAt: null } : {}
    case 'stage.finished': {
      const { result, detail, evidence, isVersionBad } = event
      return { status: result, detail, evidence, isVersionBad, finishedAt: event.at }
    }
    case 'analysis.measured': {
      const { measurement, progress } = event
      return {
        measurements: [...stage.measurements, measurement],
        analyses: { ...stage.analyses, [measurement.check]: progress },
      }
    }
  }
}

type TrafficEvent = Extract<
  StampedDeploy,
  { type: 'traffic.observed' | 'traffic.intended' | 'traffic.moved' | 'traffic.refused' | 'traffic.changed' }
>

function changeTraffic(view: DeployView, event: TrafficEvent): Partial<DeployView> {
  switch (event.type) {
    case 'traffic.observed': {
      const { split, requests, states, warnings, at } = event
      return { traffic: { split, requests, states, warnings, at } }
    }
    case 'traffic.intended':
      return { owed: { from: event.from, to: event.to } }
    case 'traffic.moved': {
      const { split, requests, at } = event
      const traffic = { states: null, warnings: [], ...view.traffic, split, requests, at }
      const isBack = view.direction === 'back' && sameSplit(split, view.plan.before)
      const hasMoved = view.hasMoved || split[view.plan.slot] > view.plan.before[view.plan.slot]
      return { traffic, expected: split, owed: null, foreign: null, mustRestore: false, isBack, hasMoved }
    }
    case 'traffic.refused':
      return { owed: null }
    case 'traffic.changed':
      return {
        owed: null,
        foreign: event.found,
        traffic: view.traffic === null ? null : { ...view.traffic, split: event.found, at: event.at },
      }
  }
}
