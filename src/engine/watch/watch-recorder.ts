import { BagboyError } from '../../errors/bagboy-error.ts'
import type { EventStream } from '../../operation/event-stream.ts'
import { projectWatch, type WatchView } from '../../events/project-watch.ts'
import type { StampedWatch, WatchEvent } from '../../events/watch-events.ts'
import { nextPhase, requireTransition, type Phase, type Signal } from '../../machine/transitions.ts'
import type { Clock } from '../../platform/platform.ts'

/** The one way a watch reports: every event is stamped, folded into the view, then sent to the subscribers. */
export interface WatchRecorder {
  readonly view: WatchView
  emit(event: WatchEvent): void
  /** Takes an arrow of the transition table. @throws ILLEGAL_TRANSITION */
  send(signal: Signal): void
  can(signal: Signal): boolean
}

export function createWatchRecorder(
  watch: string,
  stream: EventStream<StampedWatch>,
  clock: Clock,
  startPhase: Phase,
): WatchRecorder {
  let view: WatchView | undefined
  let phase = startPhase
  let seq = 0
  const emit = (event: WatchEvent): void => {
    seq += 1
    const stamped = { ...event, watch, seq, at: clock.now() }
    view = projectWatch(view, stamped)
    stream.push(stamped)
  }
  return {
    get view() {
      if (view) return view
      throw new BagboyError('BUG', `The watch ${watch} has no watch.started event.`)
    },
    emit,
    send(signal) {
      const from = phase
      phase = requireTransition(from, signal)
      emit({ type: 'phase.changed', signal, from, to: phase })
    },
    can: (signal) => nextPhase(phase, signal) !== undefined,
  }
}
