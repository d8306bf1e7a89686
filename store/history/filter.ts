import type { Deployment } from '../../src/domain/deployment.ts'

/**
 * Whether a deployment matches all terms: `state:failed`, `format:npm`, `commit:abc`, `health:un`, `is:held`,
 * `is:pinned`, or a piece of any of its texts; a version also by its letters in order (`v12` finds v1.2). Pure.
 */
export function matchesFilter(deployment: Deployment, isHeld: boolean, text: string): boolean {
  return text
    .toLowerCase()
    .split(/\s+/u)
    .every((term) => term === '' || matchesTerm(deployment, isHeld, term))
}

function matchesTerm(deployment: Deployment, isHeld: boolean, term: string): boolean {
  const colon = term.indexOf(':')
  const [field, value] = colon > 0 ? [term.slice(0, colon), term.slice(colon + 1)] : ['', term]
  switch (field) {
    case 'state':
    case 'status':
      return stateWords(deployment).includes(value)
    case 'health':
      return (deployment.healthVerdict ?? '').toLowerCase().startsWith(value)
    case 'commit':
      return deployment.commit.toLowerCase().startsWith(value)
    case 'format':
      return deployment.packages.some(({ format }) => format.toLowerCase().startsWith(value))
    case 'is':
      return value === 'held' ? isHeld : value === 'pinned' ? deployment.pinned : stateWords(deployment).includes(value)
    default:
      return matchesText(deployment, term)
  }
}

function stateWords(deployment: Deployment): string {
  return deployment.status === 'active' ? 'active live' : deployment.status.replaceAll('_', ' ')
}

function matchesText(deployment: Deployment, term: string): boolean {
  const texts = [
    deployment.version,
    deployment.commit,
    stateWords(deployment),
    deployment.reason ?? '',
    deployment.kind,
  ]
  return (
    texts.some((text) => text.toLowerCase().includes(term)) || isSubsequence(term, deployment.version.toLowerCase())
  )
}

function isSubsequence(letters: string, text: string): boolean {
  let at = 0
  for (const letter of letters) {
    at = text.indexOf(letter, at) + 1
    if (at === 0) return false
  }
  return true
}
