import type { Deployment } from '../../src/domain/deployment.ts'
import { bareVersion, compareVersions, sameVersion } from '../../src/domain/version.ts'
import type { RegistryStatus } from '../../src/engine/engine.ts'
import { BagboyError } from '../../src/errors/bagboy-error.ts'
import { resolveTarget } from '../../src/planner/resolve-target.ts'
import type { AppState } from '../state.ts'
import { allDeployments, isHeld, liveDeployment, selectedDeployment } from '../history/deployments.ts'

export interface Candidate {
  readonly deployment: Deployment
  /** Why it is not a safe target; empty when nothing speaks against it. */
  readonly against: string
}

/** Earlier deployments a rollback could go to, newest first. The engine has the last word. */
export function candidates(state: AppState): readonly Candidate[] {
  const live = liveDeployment(state)
  const seen = new Set<string>()
  return allDeployments(state).flatMap((deployment) => {
    const isLive = live !== undefined && sameVersion(deployment.version, live.version)
    if (isLive || seen.has(bareVersion(deployment.version))) return []
    seen.add(bareVersion(deployment.version))
    return [{ deployment, against: speaksAgainst(state, deployment, live) }]
  })
}

function speaksAgainst(state: AppState, deployment: Deployment, live: Deployment | undefined): string {
  if (isHeld(state, deployment.version)) return 'held'
  if (deployment.status === 'rolled_back_from') return 'was rolled back'
  if (deployment.status === 'failed') return 'its deployment failed'
  if (deployment.status === 'pruned') return 'pruned'
  if (deployment.status === 'partial') return 'was deployed in part'
  if (deployment.healthVerdict !== undefined && deployment.healthVerdict !== 'healthy') {
    return `was ${deployment.healthVerdict}`
  }
  if (live && compareVersions(deployment.version, live.version) > 0) return 'newer than the live one'
  return ''
}

/** The deployment a target word means by the history alone; `undefined` when there is none. */
export function meantBy(state: AppState, word: string): Deployment | undefined {
  if (!state.overview) return undefined
  try {
    return resolveTarget(state.overview.history, word, state.now).target
  } catch (error) {
    if (error instanceof BagboyError) return undefined
    throw error
  }
}

/** What the selected version is compared with: the marked one, else what is live; what is live with the last good one. */
export function comparisonPartner(state: AppState): number | undefined {
  const selected = selectedDeployment(state)?.id
  const partner = state.markedId ?? liveDeployment(state)?.id
  if (partner !== selected) return partner
  return (meantBy(state, 'last-good') ?? meantBy(state, 'previous'))?.id
}

/** A target that is found by a rule, as the command line knows it. */
export interface Strategy {
  readonly target: string
  readonly label: string
  readonly detail: string
  /** Behind the version it means. */
  readonly note: string
}

const RULES: readonly Strategy[] = [
  {
    target: 'last-good',
    label: 'the last good version',
    detail: 'newest earlier one that was healthy and is not held',
    note: ', the usual choice',
  },
  {
    target: 'previous',
    label: 'the version before',
    detail: 'the literal predecessor, good or not',
    note: ', good or not',
  },
]

/** The live version is a target only where a registry has left it. */
export function strategies(state: AppState): readonly Strategy[] {
  const live = liveDeployment(state)
  if (!live || driftedRegistries(state).length === 0) return RULES
  const back: Strategy = {
    target: live.version,
    label: 'the live version',
    detail: 'moves only the registries that serve something else, back to what is live',
    note: ', to bring drifted registries back',
  }
  return [back, ...RULES]
}

/** Registries that serve something else than the history says, as last read. */
export function driftedRegistries({ registries }: AppState): readonly RegistryStatus[] {
  return (registries ?? []).filter(({ state }) => state === 'drift' || state === 'held-version')
}
