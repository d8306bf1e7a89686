import { untrusted } from '../domain/display.ts'
import type { Deployment, History } from '../domain/deployment.ts'
import { sameVersion } from '../domain/version.ts'
import { BagboyError } from '../errors/bagboy-error.ts'

/** The newest entry of a version (`v1.2.0`, `1.2.0`) or the one with an id (`@12`). @throws TARGET_UNKNOWN */
export function findDeployment(history: History, word: string): Deployment {
  const id = /^@(\d{1,9})$/u.exec(word)
  const found = history.deployments.find((deployment) =>
    id ? deployment.id === Number(id[1]) : sameVersion(deployment.version, word),
  )
  if (found) return found
  throw new BagboyError('TARGET_UNKNOWN', `The history has no deployment "${untrusted(word, 80)}".`, {
    hint: 'Versions and ids are listed by: bagboy-tui versions list',
  })
}
