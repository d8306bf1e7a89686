import { own } from '../../domain/text/own.ts'
import type { RuleState, TriggerDecision } from '../../domain/health/trigger.ts'
import { countHealth } from '../../events/project-watch.ts'
import { decideTrigger } from '../../health/decide/decide-trigger.ts'
import { createEpisode } from './episode.ts'
import { createProbeLoop } from './probe-loop.ts'
import { judgeWindow, recordVerdict } from './settle.ts'
import { decidedNothing } from './until-decided.ts'
import type { WatchContext } from './watch-context.ts'
import type { WatchCommand } from './watch.ts'

export interface RunningWatch {
  readonly obey: (command: WatchCommand) => void
  /** Settles when nothing of it goes on any more. */
  readonly done: Promise<void>
}

/** Asks, decides, and ends the watch as its request says. */
export function runWatch(context: WatchContext): RunningWatch {
  const { request, recorder } = context
  recorder.send('monitor.started')
  const episode = createEpisode(context)
  const loop = createProbeLoop(context, onChange)
  let rules: readonly RuleState[] = recorder.view.rules
  let isJudged = false

  function onChange(): void {
    if (context.signal.aborted || request.until === 'one-round') return
    const decision = decideTrigger(context.parts.config.health.triggers, context.seen.facts())
    announce(decision)
    followHealth()
    if (request.until === 'window') return judge(false)
    episode.decided(decision)
    followAnalyses()
    if (request.until !== 'decided' || decision.fired) return
    const result = decidedNothing(context, decision)
    if (result) context.end(result)
  }

  function announce(decision: TriggerDecision): void {
    if (sameProgress(rules, decision.rules)) return
    rules = decision.rules
    recorder.emit({ type: 'trigger.evaluated', rules })
  }

  /** The machine follows what the critical checks say. */
  function followHealth(): void {
    const { failing } = countHealth(recorder.view)
    const { phase } = recorder.view
    if (failing > 0 && phase === 'monitoring') recorder.send('health.failed')
    if (failing === 0 && phase === 'healthCheckFailed') recorder.send('health.recovered')
  }

  /** An analysis that can say nothing pauses: nothing is done by itself until it can, or another trigger fires. */
  function followAnalyses(): void {
    const { analyses, analysis, inconclusive, phase } = recorder.view
    const silent = analysis.checks.find(
      ({ name, isDryRun }) => !isDryRun && own(analyses, name)?.progress.status === 'inconclusive',
    )
    if (silent && !inconclusive && recorder.can('analysis.inconclusive')) {
      const why = own(analyses, silent.name)?.progress.why ?? ''
      recorder.emit({ type: 'analysis.inconclusive', check: silent.name, why })
      recorder.send('analysis.inconclusive')
    }
    if (!silent && inconclusive && phase === 'manualIntervention') recorder.send('health.recovered')
  }

  function judge(isOver: boolean): void {
    const { verdict, why } = judgeWindow(context, isOver)
    if (isJudged || verdict === 'watching') return
    isJudged = true
    const watchedMs = context.parts.platform.clock.elapsedMs() - startMs
    const wholeMs = isOver ? windowMs : Math.round(watchedMs / 1000) * 1000
    void conclude(verdict, wholeMs, why).catch(context.fail)
  }

  async function conclude(verdict: 'healthy' | 'unhealthy' | 'unknown', watchedMs: number, why: string): Promise<void> {
    const { judges } = request
    const facts = { verdict, watchedMs, view: recorder.view }
    const deploymentId =
      judges === undefined ? null : await recordVerdict(context.parts, { ...facts, deploymentId: judges }, context.lock)
    recorder.emit({ type: 'watch.judged', verdict, watchedMs, why, deploymentId })
    if (verdict === 'healthy' && recorder.can('monitor.stopped')) recorder.send('monitor.stopped')
    context.end({ kind: 'judged', verdict, why })
  }

  const { clock } = context.parts.platform
  const startMs = clock.elapsedMs()
  const windowMs = request.windowMs ?? context.parts.config.health.analysis.windowMs

  async function work(): Promise<void> {
    if (request.until === 'one-round') {
      await loop.once()
      context.seen.markEvaluation()
      announce(decideTrigger(context.parts.config.health.triggers, context.seen.facts()))
      followHealth()
      context.end({ kind: 'quiet' })
    } else {
      await Promise.all([loop.run(), endOfTime()])
    }
  }

  /** A window is over when its time is; no decision takes longer than that. */
  async function endOfTime(): Promise<void> {
    const timeMs = request.until === 'stopped' ? request.forMs : windowMs
    if (timeMs === undefined) return
    await clock.sleep(timeMs, context.signal).catch((error: unknown) => {
      if (!context.signal.aborted) throw error
    })
    if (context.signal.aborted) return
    if (request.until === 'window') judge(true)
    else if (request.until === 'stopped') judgeTime()
    else if (recorder.view.fired === null) context.end({ kind: 'inconclusive', why: 'nothing was decided in time' })
  }

  /** What has fired is seen through: only a watch in which nothing did is over with its time. */
  function judgeTime(): void {
    if (recorder.view.fired !== null) return
    const { verdict, why } = judgeWindow(context, true)
    if (verdict !== 'watching') context.end({ kind: 'judged', verdict, why })
  }

  const done = work().catch((error: unknown) => {
    // What the end of the watch breaks off is no error.
    if (!context.signal.aborted) context.fail(error)
  })

  return {
    done,
    obey(command) {
      if (command === 'veto') episode.veto()
      else if (command === 'arm') episode.setMode('auto', 'armed by a person')
      else if (command === 'hold') episode.setMode('propose', 'held by a person')
      else if (!context.signal.aborted) void loop.once().catch(context.fail)
    },
  }
}

/** Whether two looks at the rules would be shown the same. */
function sameProgress(before: readonly RuleState[], after: readonly RuleState[]): boolean {
  return JSON.stringify(before) === JSON.stringify(after)
}
