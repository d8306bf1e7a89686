import { BagboyError, toErrorReport } from '../../../errors/bagboy-error.ts'
import type { Observation } from '../../../events/events.ts'
import { hasExpectedPointer } from './expected-pointer.ts'
import { comparePointer } from './pointer-state.ts'
import type { RunContext } from '../run/run-context.ts'

/**
 * A step that was proved and has been moved since: by a late request of ours, or from outside. Resume goes on with it.
 */
export async function reopenStep({ recorder, run }: RunContext, observation: Observation): Promise<void> {
  const { step: id, pointer, agrees, isUnsteady = false } = observation
  const step = recorder.view.steps.find((one) => one.id === id)
  if (!step || agrees || pointer === null || !hasExpectedPointer(step)) return
  const { before, want } = step
  const isForeign = comparePointer(pointer, before, want) === 'other'
  const error = isForeign
    ? new BagboyError('REGISTRY_CONFLICT', 'the pointer was moved from outside after it was read back')
    : new BagboyError('READBACK_DISAGREES', 'the pointer was read back as wanted and is elsewhere again', {
        hint: `A late request or another writer moved it. Go on with it: bagboy-tui runs resume ${run}`,
      })
  await recorder.emit({
    type: 'step.finished',
    step: id,
    status: isForeign ? 'conflict' : isUnsteady ? 'unknown' : 'failed',
    detail: error.message,
    error: toErrorReport(error),
    durationMs: step.durationMs,
  })
}
