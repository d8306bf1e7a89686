import type { DeployEvent, StampedDeploy } from '../../events/deploy-events.ts'
import type { EventStream } from '../../events/event-stream.ts'
import { projectDeploy } from '../../events/project-deploy.ts'
import type { Journal } from '../../journal/journal.ts'
import type { HeldLock } from '../../lock/lock.ts'
import type { Clock, Secrets } from '../../platform/platform.ts'
import { createRecord } from '../../operation/create-record.ts'
import type { DeployView } from '../../events/deploy-view.ts'

/** The one way a deploy speaks, and what it has said so far. */
export interface DeployRecorder {
  readonly view: DeployView
  readonly part: number
  emit(event: DeployEvent): Promise<void>
  close(): Promise<void>
}

export interface DeployRecorderParts {
  readonly run: string
  readonly journal: Journal<StampedDeploy>
  readonly stream: EventStream<StampedDeploy>
  readonly clock: Clock
  readonly lock: Pick<HeldLock, 'loss'>
  readonly secrets: Secrets
  readonly past: readonly StampedDeploy[]
}

export function createDeployRecorder(parts: DeployRecorderParts): DeployRecorder {
  const record = createRecord<DeployEvent, DeployView>({ ...parts, fold: projectDeploy })
  return {
    get view() {
      return record.view
    },
    part: record.part,
    emit: (event) => record.say(() => event),
    close: () => record.close(),
  }
}
