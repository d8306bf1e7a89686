import { projectDeploy } from '../../../events/project-deploy.ts'
import { followOperation } from '../../../operation/follow-operation.ts'
import type { EngineParts } from '../../engine-parts.ts'
import type { DeployHandle } from '../deploy.ts'
import { deployOutcome } from '../launch-deploy.ts'

/** A deploy of another process, from its journal. */
export function followDeploy(parts: EngineParts, deploy: string): DeployHandle {
  return followOperation(parts, {
    id: deploy,
    noun: 'deploy',
    journals: parts.deploys.journals,
    fold: projectDeploy,
    isOver: ({ result }) => result !== null,
    isWaiting: ({ question }) => question !== null,
    outcomeOf: deployOutcome,
    resume: 'bagboy-tui traffic resume',
  })
}
