import { GOOD_NETWORK, type Network } from '../../support/registries/log-registry.ts'

export const LOSING: Network = { lostAnswers: 0.25, unavailable: 0, staleReads: 0 }
export const ALL_AT_ONCE: Network = { lostAnswers: 0.25, unavailable: 0.2, staleReads: 3 }

/** What the processes of a journey have to deal with beside their death. */
export const NETWORKS: Readonly<Record<string, Network>> = {
  good: GOOD_NETWORK,
  'loses answers': LOSING,
  'loses answers, answers 503': { lostAnswers: 0.25, unavailable: 0.25, staleReads: 0 },
  'all at once, and shows old reads': ALL_AT_ONCE,
}
