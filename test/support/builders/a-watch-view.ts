import { projectWatch, type WatchView } from '../../../src/events/project-watch.ts'
import type { WatchEvent } from '../../../src/events/watch-events.ts'
import type { HealthState } from '../../../store/health/health-state.ts'
import { aWatchedProbe, failing, loginFails, sampled, watchStarted } from '../engine/health-script.ts'
import { NOW } from './app-builders.ts'

export const WATCHED = ['login', 'cart', 'search', 'admin', 'mail'].map((name) =>
  aWatchedProbe(name, name === 'mail' ? { severity: 'warning' } : {}),
)

/** A watch to which all of this has happened, a second apart; it starts with {@link WATCHED} unless its own start comes first. */
export function aWatchView(events: readonly WatchEvent[]): WatchView {
  const all = events[0]?.type === 'watch.started' ? events : [watchStarted(WATCHED), ...events]
  const view = all
    .map((event, index) => ({
      ...event,
      watch: '01JKX7M3Q8ZB7F3W',
      seq: index + 1,
      at: new Date(Date.parse(NOW) + index * 1000).toISOString(),
    }))
    .reduce<WatchView | undefined>(projectWatch, undefined)
  if (!view) throw new Error('it begins with its start')
  return view
}

export function aWatchState(events: readonly WatchEvent[], parts: Partial<HealthState> = {}): HealthState {
  return { purpose: 'guard', view: aWatchView(events), error: null, ...parts }
}

/** `login` has failed twice of the three times that fire a trigger. */
export function anAlarm(): HealthState {
  const others = ['cart', 'search', 'admin', 'mail'].map((name) => sampled(name))
  return aWatchState([
    ...others,
    failing('mail'),
    failing('login'),
    failing('login'),
    { type: 'trigger.evaluated', rules: [loginFails(2)] },
  ])
}
