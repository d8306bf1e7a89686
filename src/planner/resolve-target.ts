import { sanitize } from '../domain/text/sanitize.ts'
import {
  activeDeployment,
  holdOn,
  isUnhealthy,
  type Deployment,
  type History,
  type Timestamp,
} from '../domain/deployment.ts'
import { judgingEntry } from '../domain/judging-entry.ts'
import { bareVersion, sameVersion } from '../domain/version.ts'
import { BagboyError } from '../errors/bagboy-error.ts'
import { unknownName } from '../errors/unknown-name.ts'

export interface ResolvedTarget {
  readonly active: Deployment
  readonly target: Deployment
}

/**
 * Finds the deployment a target word means: `v1.2.0`, `@12`, `~1`, `previous`, `last-good`. Pure.
 * @throws NOTHING_LIVE, TARGET_UNKNOWN, TARGET_UNSAFE (`last-good` when nothing earlier is safe, with the reason for each).
 */
export function resolveTarget(history: History, word: string, now: Timestamp): ResolvedTarget {
  const active = activeDeployment(history)
  if (!active) {
    throw new BagboyError(
      'NOTHING_LIVE',
      `Nothing is live in ${history.environment} by the history, so there is nothing to roll back.`,
      {
        hint: 'Record what is live first: bagboy-tui record --version V',
      },
    )
  }
  const earlier = history.deployments.slice(history.deployments.indexOf(active) + 1)
  return { active, target: findTarget(history, active, earlier, word, now) }
}

function findTarget(
  history: History,
  active: Deployment,
  earlier: readonly Deployment[],
  word: string,
  now: Timestamp,
): Deployment {
  if (word === 'last-good') return lastGood(history, active, earlier, now)
  if (word === 'previous') return stepsBack(active, earlier, 1, word)
  const back = /^~(\d{1,6})$/u.exec(word)
  if (back) return stepsBack(active, earlier, Number(back[1]), word)
  const id = /^@(\d{1,9})$/u.exec(word)
  if (id) return byId(history, Number(id[1]))
  return byVersion(history, active, word)
}

function stepsBack(active: Deployment, earlier: readonly Deployment[], count: number, word: string): Deployment {
  const versions = [...new Set([active, ...earlier].map(({ version }) => bareVersion(version)))]
  const found = earlier.find(({ version }) => bareVersion(version) === versions[count])
  if (found && count > 0) return found
  const earlierCount = versions.length - 1
  throw unknownTarget(
    word,
    earlierCount === 0
      ? `${active.version} is the first version of the history: there is none before it.`
      : `The history goes back ${earlierCount === 1 ? 'one version' : `${earlierCount} versions`} from ${active.version}.`,
  )
}

function byId(history: History, id: number): Deployment {
  const found = history.deployments.find((deployment) => deployment.id === id)
  if (found) return found
  throw unknownTarget(`@${id}`, 'Ids are listed by: bagboy-tui versions list')
}

function byVersion(history: History, active: Deployment, word: string): Deployment {
  if (/^[\^~<>=*]|\s|\|\||\.x\b/u.test(word)) {
    throw unknownTarget(word, 'Ranges are refused: name one version, as `bagboy-tui versions list` shows it.')
  }
  if (sameVersion(active.version, word)) return active
  const found = history.deployments.find(
    ({ version, status }) => sameVersion(version, word) && status !== 'failed' && status !== 'partial',
  )
  const fallback = history.deployments.find(({ version }) => sameVersion(version, word))
  if (found ?? fallback) return found ?? fallback ?? active
  throw unknownName({
    code: 'TARGET_UNKNOWN',
    message: `No deployment in the history matches the target "${sanitize(word, 80)}".`,
    word,
    known: [...history.deployments.map(({ version }) => version), 'previous', 'last-good'],
    knownAs: 'Targets; versions are listed by `bagboy-tui versions list`',
    compareAs: bareVersion,
  })
}

function lastGood(history: History, active: Deployment, earlier: readonly Deployment[], now: Timestamp): Deployment {
  const reasons: string[] = []
  for (const candidate of earlier) {
    const fault = whyNotGood(history, active, candidate, now)
    if (fault === undefined) return candidate
    reasons.push(`${candidate.version} (@${candidate.id}): ${fault}`)
  }
  const seen = reasons.length === 0 ? 'There is no earlier deployment.' : reasons.slice(0, 5).join('; ')
  throw new BagboyError('TARGET_UNSAFE', `No safe target exists before ${active.version}. ${seen}`, {
    hint: 'Name the version yourself, with the override its finding asks for: bagboy-tui rollback --version V --override CODE --reason TEXT',
    details: reasons,
  })
}

/** Why a deployment is never a default target, or `undefined` when it is safe. Pure. */
export function whyNotGood(
  history: History,
  active: Deployment,
  candidate: Deployment,
  now: Timestamp,
): string | undefined {
  if (sameVersion(candidate.version, active.version)) return 'it is the version that is live'
  if (holdOn(history, candidate.version, now)) return 'it is held'
  const judge = judgingEntry(history, candidate.version) ?? candidate
  return faultOf(judge) ?? faultOf(candidate)
}

function faultOf(entry: Deployment): string | undefined {
  if (entry.status === 'rolled_back_from') return 'it was itself rolled back'
  if (entry.status === 'failed' || entry.status === 'partial') return `its deployment is ${entry.status}`
  if (entry.status === 'pruned') return 'its artifacts were pruned'
  return isUnhealthy(entry) ? 'it was not healthy' : undefined
}

function unknownTarget(word: string, hint: string): BagboyError {
  return new BagboyError('TARGET_UNKNOWN', `No deployment in the history matches the target "${sanitize(word, 80)}".`, {
    hint,
  })
}
