import { sanitize } from '../../domain/text/sanitize.ts'
import type { Deployment, History } from '../../domain/deployment.ts'
import { bareVersion, sameVersion } from '../../domain/version.ts'
import { unknownName } from '../../errors/unknown-name.ts'

/** The newest entry of a version (`v1.2.0`, `1.2.0`) or the one with an id (`@12`). @throws TARGET_UNKNOWN */
export function findDeployment(history: History, word: string): Deployment {
  const id = /^@(\d{1,9})$/u.exec(word)
  const found = history.deployments.find((deployment) =>
    id ? deployment.id === Number(id[1]) : sameVersion(deployment.version, word),
  )
  if (found) return found
  throw unknownName({
    code: 'TARGET_UNKNOWN',
    message: `The history has no deployment "${sanitize(word, 80)}".`,
    word,
    known: history.deployments.map((deployment) => (id ? `@${deployment.id}` : deployment.version)),
    knownAs: 'Deployments, all listed by `bagboy-tui versions list`',
    compareAs: bareVersion,
  })
}
