import { describe, expect, test } from 'vitest'
import type { Config } from '../../../../src/config/config.ts'
import type { AnalysisCheck } from '../../../../src/domain/health/analysis.ts'
import type { Condition, TriggerRule } from '../../../../src/domain/health/trigger.ts'
import { BagboyError } from '../../../../src/errors/bagboy-error.ts'
import type { StampedWatch } from '../../../../src/events/watch-events.ts'
import type { HttpResponse } from '../../../../src/platform/platform.ts'
import { analysisOf, anAnalysisCheck, errorRate } from '../../../support/builders/health-facts.ts'
import { aWatchedProject, watching, watchToEnd } from '../../../support/projects/watched-project.ts'

const types = (events: readonly StampedWatch[]) => events.map(({ type }) => type)
const only = <T extends StampedWatch['type']>(events: readonly StampedWatch[], type: T) =>
  events.filter((event): event is Extract<StampedWatch, { type: T }> => event.type === type)

const aRule = (condition: Condition): TriggerRule => ({ number: 1, conditions: [condition] })

describe('an analysis of a watch', () => {
  const prometheus = (values: readonly (string | Error)[]) => {
    let count = 0
    const answer = (value: string): HttpResponse => ({
      status: 200,
      headers: {},
      body: new TextEncoder().encode(
        JSON.stringify({ status: 'success', data: { resultType: 'vector', result: [{ value: [1, value] }] } }),
      ),
    })
    return () => ({
      http: () => {
        const value = values[Math.min(count, values.length - 1)] ?? ''
        count += 1
        return value instanceof Error ? Promise.reject(value) : Promise.resolve(answer(value))
      },
    })
  }
  const down = new BagboyError('REGISTRY_UNREACHABLE', 'prom:9090: no whole answer came (ECONNREFUSED)')
  const measured = (parts: Partial<AnalysisCheck> = {}): Partial<Config['health']> => ({
    checks: [],
    sources: [{ type: 'prometheus', name: 'prom', address: 'http://prom:9090', headers: {}, timeoutMs: 1000 }],
    analysis: { windowMs: 600_000, intervalMs: 30_000, initialDelayMs: 0, checks: [anAnalysisCheck(parts)] },
    triggers: [aRule(analysisOf('errors'))],
  })
  /** Watches for so many measurements. */
  const watchMeasurements = async (values: readonly (string | Error)[], count: number, parts = {}) => {
    const project = await aWatchedProject(measured(parts), { platform: prometheus(values) })
    let seen = 0
    return watchToEnd(
      project.engine.watch(watching({ until: 'stopped', endsWithDecision: false })),
      (event, handle) => {
        if (event.type === 'analysis.measured' && (seen += 1) === count) handle.stop('seen enough')
      },
    )
  }

  test('that fails fires its trigger, with query and value as evidence', async () => {
    const { result } = await watchToEnd(
      (await aWatchedProject(measured({ failureLimit: 2 }), { platform: prometheus(['0.2']) })).engine.watch(
        watching({ until: 'stopped' }),
      ),
    )

    expect(result).toMatchObject({
      kind: 'approved',
      plan: { trigger: { kind: 'analysis', value: '20%', threshold: '2', source: 'prom', query: 'errors / requests' } },
    })
  })

  test('whose source is down pauses after its patience is over, is asked every ten seconds, and fires nothing', async () => {
    const { events, phases } = await watchMeasurements([down], 6)

    const times = only(events, 'analysis.measured').map(({ at }) => Date.parse(at))
    expect(times.slice(1).map((at, index) => at - (times[index] ?? 0))).toEqual([
      10_000, 10_000, 10_000, 10_000, 10_000,
    ])
    expect(only(events, 'analysis.inconclusive')).toMatchObject([
      { check: 'errors', why: expect.stringContaining('ECONNREFUSED') },
    ])
    expect(phases).toEqual(['deployed', 'monitoring', 'manualIntervention'])
    expect(types(events)).not.toContain('trigger.fired')
  })

  test('without traffic is inconclusive, and goes on when there is some again', async () => {
    const { events, phases } = await watchMeasurements(['NaN', ...Array.from({ length: 30 }, () => '0.01')], 25)

    expect(only(events, 'analysis.inconclusive')).toMatchObject([{ why: 'the query gives NaN' }])
    expect(phases).toEqual(['deployed', 'monitoring', 'manualIntervention', 'monitoring'])
  })

  test('with fewer requests than its trigger asks for can say nothing, whatever its value', async () => {
    // Of each measurement the value is asked first, then the requests.
    const trigger = errorRate(0.05, { source: 'prom', check: 'errors', minSamples: 50 })
    const health = { ...measured({ samplesQuery: 'requests', failureLimit: 50 }), triggers: [aRule(trigger)] }
    const project = await aWatchedProject(health, { platform: prometheus(['0.2', '5']) })

    const { result } = await watchToEnd(project.engine.watch(watching({ until: 'decided' })))

    expect(result).toEqual({ kind: 'inconclusive', why: 'errors: 5 of 50 samples' })
  })

  test('that is only tried out never decides', async () => {
    const { events } = await watchMeasurements(['0.9'], 10, { isDryRun: true })

    expect(types(events)).not.toContain('trigger.fired')
    expect(only(events, 'trigger.evaluated').at(-1)?.rules[0]?.conditions[0]?.note).toBe(
      'dry run: it would have failed',
    )
  })

  test('whose baseline is as bad says that it is not the deploy', async () => {
    const { result } = await watchToEnd(
      (await aWatchedProject(measured({ baselineQuery: 'baseline' }), { platform: prometheus(['0.2']) })).engine.watch(
        watching({ until: 'stopped' }),
      ),
    )

    expect(result).toMatchObject({
      kind: 'refused',
      error: { code: 'NOT_THIS_DEPLOY', message: expect.stringContaining('errors: 20% now, 20% on v1.2.0') },
    })
  })

  test('decides about the window after a rollback too', async () => {
    const settle = watching({ until: 'window', mode: 'off', judges: 3 })
    const bad = await aWatchedProject(measured(), { platform: prometheus(['0.2']) })
    const good = await aWatchedProject(measured(), { platform: prometheus(['0.01']) })
    const silent = await aWatchedProject(measured(), { platform: prometheus([down]) })
    const tried = await aWatchedProject(measured({ isDryRun: true }), { platform: prometheus(['0.01']) })

    const verdicts = await Promise.all(
      [bad, good, silent, tried].map(async ({ engine }) => (await watchToEnd(engine.watch(settle))).result),
    )

    expect(verdicts).toMatchObject([
      { verdict: 'unhealthy' },
      { verdict: 'healthy' },
      { verdict: 'unknown' },
      { verdict: 'unknown' },
    ])
  })
})
