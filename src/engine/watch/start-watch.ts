import type { Approver } from '../../approval/ask.ts'
import { BagboyError } from '../../errors/bagboy-error.ts'
import { createEventStream, type EventStream } from '../../operation/event-stream.ts'
import { openHandle } from '../../operation/operation-handle.ts'
import type { StampedWatch, WatchedProbe } from '../../events/watch-events.ts'
import { decideTrigger } from '../../health/decide/decide-trigger.ts'
import type { Probe } from '../../health/probe.ts'
import { newRunId, type EngineParts } from '../engine-parts.ts'
import { beginAutomaticRun } from './automatic-run.ts'
import { recordDecision } from './record-decision.ts'
import { runWatch } from './run-watch.ts'
import type { WatchContext } from './watch-context.ts'
import { createWatchFacts } from './watch-facts.ts'
import { createWatchRecorder } from './watch-recorder.ts'
import { watchSubjects, type WatchSubjects } from './watch-subjects.ts'
import type { WatchCommand, WatchHandle, WatchOutcome, WatchRequest, WatchResult } from './watch.ts'
import type { WatchLock } from './watch-lock.ts'

interface WatchSupport {
  /** Of an operation that watches as a part of it: once it is lost, no verdict is written. */
  readonly lock?: WatchLock | undefined
  /** Answers the questions of a rollback that is approved. */
  readonly approver?: Approver | undefined
}

/** Watches the health of what is live. A handle at once; the work goes on behind it. */
export function startWatch(
  parts: EngineParts,
  request: WatchRequest,
  { lock, approver }: WatchSupport = {},
): WatchHandle {
  const watchId = newRunId(parts.platform)
  const stream = createEventStream<StampedWatch>('unread')
  const over = new AbortController()
  const commands = new Set<(command: WatchCommand) => void>()
  const early: WatchCommand[] = []
  const work = begin(parts, request, { watchId, stream, over, commands, early, lock, approver })
  const handle = openHandle(watchId, { stream, work, stop: (reason) => over.abort(new BagboyError('ABORTED', reason)) })
  return {
    ...handle,
    command(command) {
      if (commands.size === 0) early.push(command)
      for (const obey of commands) obey(command)
    },
  }
}

interface Beginning extends WatchSupport {
  readonly watchId: string
  readonly stream: EventStream<StampedWatch>
  readonly over: AbortController
  readonly commands: Set<(command: WatchCommand) => void>
  /** What was asked before the watch could hear it. */
  readonly early: readonly WatchCommand[]
}

async function begin(parts: EngineParts, request: WatchRequest, beginning: Beginning): Promise<WatchOutcome> {
  const { watchId, stream, over, commands, early, lock, approver } = beginning
  const { config, platform } = parts
  const { health } = config
  if (health.checks.length === 0 && health.analysis.checks.length === 0) throw notConfigured(config.file)
  const { history } = await parts.history.read()
  const copies = { ...health.slots, active: (await parts.activeSlot?.(over.signal)) ?? null }
  const subjects = watchSubjects(config, history, copies, platform.clock.now())
  const startPhase = request.until === 'window' ? 'rollbackComplete' : 'deployed'
  const recorder = createWatchRecorder(watchId, stream, platform.clock, startPhase)
  const seen = createWatchFacts(config, subjects, () => platform.clock.elapsedMs())
  const { promise, resolve, reject } = Promise.withResolvers<WatchResult>()
  const context: WatchContext = {
    parts,
    request: { ...request, mode: request.mode ?? health.auto.mode ?? 'propose' },
    lock,
    recorder,
    subjects,
    seen,
    health: { platform, root: config.root },
    measuring: {
      platform,
      sources: health.sources,
      values: subjects.values,
      probes: seen.probes,
      windowFor: seen.windowFor,
    },
    signal: over.signal,
    end: resolve,
    fail: reject,
  }
  over.signal.addEventListener('abort', () => resolve({ kind: 'stopped' }), { once: true })
  if (over.signal.aborted) resolve({ kind: 'stopped' })
  announce(context)
  const { obey, done } = runWatch(context)
  for (const command of early) obey(command)
  commands.add(obey)
  try {
    const result = await promise
    over.abort(new BagboyError('ABORTED', 'the watch is over'))
    await done
    if (result.kind === 'approved') beginAutomaticRun(parts, result.plan, approver)
    if (request.endsWithDecision) await recordDecision(parts, subjects.active.id, { result, view: recorder.view })
    recorder.emit({ type: 'watch.ended', why: result.kind })
    return { result, view: recorder.view }
  } finally {
    over.abort(new BagboyError('ABORTED', 'the watch is over'))
  }
}

function announce({ parts, request, recorder, subjects, seen }: WatchContext): void {
  const { config, platform } = parts
  const { analysis, triggers } = config.health
  const windowMs = request.windowMs ?? analysis.windowMs
  const now = platform.clock.now()
  recorder.emit({
    type: 'watch.started',
    app: config.app,
    environment: config.environment,
    version: subjects.active.version,
    target: subjects.target?.version ?? null,
    mode: request.mode,
    probes: watchedProbes(subjects),
    analysis,
    rules: decideTrigger(triggers, seen.facts()).rules,
    endsAt: request.until === 'window' ? new Date(Date.parse(now) + windowMs).toISOString() : null,
  })
}

function watchedProbes({ live, standby }: WatchSubjects): readonly WatchedProbe[] {
  const watched =
    (role: WatchedProbe['role']) =>
    ({ id, target, check }: Probe) => ({
      probe: id,
      check: check.name,
      kind: check.kind,
      role,
      place: target,
      severity: check.severity,
      intervalMs: check.intervalMs,
      failureThreshold: check.failureThreshold,
      successThreshold: check.successThreshold,
    })
  return [...live.map(watched('live')), ...standby.map(watched('target'))]
}

function notConfigured(file: string): BagboyError {
  return new BagboyError('HEALTH_NOT_CONFIGURED', `${file} names nothing that could be watched.`, {
    hint: 'Add deployment.health_checks or deployment.analysis.checks; docs/health.md says how.',
  })
}
