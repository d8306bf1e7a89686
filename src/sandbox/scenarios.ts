import { BagboyError } from '../errors/bagboy-error.ts'
import { sanitize } from '../domain/text/sanitize.ts'
import type { Placements } from './blue-green.ts'
import { RELEASES, TAKEN_BACK_ONLY, type Release } from './releases.ts'

/** What has happened in a sandbox before it is opened. */
export interface Scenario {
  readonly summary: string
  /** Oldest first; the last one is live. */
  readonly releases: readonly Release[]
  /** Where the last of them run, when that is in two slots behind a balancer. */
  readonly placements?: Placements
}

const SCENARIOS: Readonly<Record<string, Scenario>> = {
  'bad-release': { summary: '30 versions; the newest one fails, the one before it was healthy', releases: RELEASES },
  'no-safe-target': {
    summary: '2 versions; the newest one fails, the only other one was itself rolled back',
    releases: TAKEN_BACK_ONLY,
  },
  'blue-green': {
    summary: 'the same 30 versions; the newest one has all the traffic in green, the one before it is still up in blue',
    releases: RELEASES,
    placements: [
      ['1.15.0', 'blue'],
      ['1.15.1', 'green'],
      ['1.16.0', 'blue'],
      ['1.17.0', 'green'],
    ],
  },
}

/** @throws USAGE for a name that is none */
export function findScenario(name = 'bad-release'): Scenario {
  const scenario = Object.hasOwn(SCENARIOS, name) ? SCENARIOS[name] : undefined
  if (scenario) return scenario
  throw new BagboyError('USAGE', `There is no scenario "${sanitize(name, 80)}".`, {
    hint: `Scenarios: ${Object.keys(SCENARIOS).join(', ')}.`,
  })
}
