import { projectRun } from '../../../events/project-run.ts'
import { followOperation } from '../../../operation/follow-operation.ts'
import type { RunHandle } from '../../engine.ts'
import type { EngineParts } from '../../engine-parts.ts'

/** A run of another process, from its journal: it can be neither paused nor stopped from here. */
export function followRun(parts: EngineParts, run: string): RunHandle {
  const handle = followOperation(parts, {
    id: run,
    noun: 'run',
    journals: parts.journals,
    fold: projectRun,
    isOver: ({ result }) => result !== null,
    outcomeOf: (view) => ({ id: view.id, result: view.result ?? 'failed', exitCode: view.exitCode ?? 1, view }),
    resume: `bagboy-tui runs resume ${run}`,
  })
  return { ...handle, pause: () => undefined, unpause: () => undefined }
}
