import { KEPT_ROUNDS, projectWatch, type ProbeView, type WatchView } from '../../src/events/project-watch.ts'
import type { HealthEvent, HealthState } from './health-state.ts'

export function reduceHealth(health: HealthState | null, event: HealthEvent): HealthState | null {
  switch (event.type) {
    case 'health.opened':
      return { purpose: event.purpose, view: health?.view ?? null, error: null }
    case 'health.events':
      return health && { ...health, view: foldEvents(health.view, event.events) }
    case 'health.failed':
      return health && { ...health, error: event.error }
    case 'health.none':
      return null
  }
}

function foldEvents(before: WatchView | null, events: HealthEvents): WatchView | null {
  return events.reduce<WatchView | null>((view, event) => {
    if (event.type !== 'watch.started') return projectWatch(view ?? undefined, event) ?? null
    const started = projectWatch(undefined, event) ?? null
    return started && view ? withRoundsOf(view, started) : started
  }, before)
}

type HealthEvents = Extract<HealthEvent, { type: 'health.events' }>['events']

/** A new watch begins where the last one ended: what a check did before and after a rollback stands in one row. */
function withRoundsOf(before: WatchView, started: WatchView): WatchView {
  const probes = started.probes.map((probe): ProbeView => {
    const past = before.probes.find((one) => one.probe === probe.probe && one.role === probe.role)
    return past ? { ...probe, samples: past.samples.slice(-KEPT_ROUNDS) } : probe
  })
  return { ...started, probes }
}
