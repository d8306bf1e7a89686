import type { WatchCommand, WatchHandle, WatchResult } from '../../../src/engine/watch/watch.ts'
import { BagboyError } from '../../../src/errors/bagboy-error.ts'
import { createEventStream } from '../../../src/operation/event-stream.ts'
import { projectWatch, type WatchView } from '../../../src/events/project-watch.ts'
import type { StampedWatch, WatchEvent } from '../../../src/events/watch-events.ts'

export interface ScriptedWatch {
  readonly handle: WatchHandle
  emit(event: WatchEvent, at?: string): void
  end(result: WatchResult): void
  fail(error: Error): void
  /** What was asked of it, in order; `stop …` when it was ended. */
  readonly asked: (WatchCommand | `stop ${string}`)[]
}

/** A watch whose events the test writes. */
export function aScriptedWatch(now = '2026-02-01T20:02:11.000Z'): ScriptedWatch {
  const stream = createEventStream<StampedWatch>('unread')
  const { promise: result, resolve, reject } = Promise.withResolvers<Awaited<WatchHandle['result']>>()
  result.catch(() => undefined)
  const asked: ScriptedWatch['asked'] = []
  let view: WatchView | undefined
  let seq = 0
  return {
    asked,
    handle: {
      id: '01JKX7M3Q8ZB7F3W',
      result,
      stop: (reason) => void asked.push(`stop ${reason}`),
      command: (command) => void asked.push(command),
      [Symbol.asyncIterator]: () => stream[Symbol.asyncIterator](),
    },
    emit(event, at = now) {
      seq += 1
      const stamped = { ...event, watch: '01JKX7M3Q8ZB7F3W', seq, at }
      view = projectWatch(view, stamped)
      stream.push(stamped)
    },
    end(ending) {
      if (!view) throw new Error('the watch has not started')
      resolve({ result: ending, view })
      stream.end()
    },
    fail(error) {
      reject(error)
      stream.end()
    },
  }
}

/** Of a project that configures nothing to watch. */
export function noWatch(): WatchHandle {
  const watch = aScriptedWatch()
  watch.fail(new BagboyError('HEALTH_NOT_CONFIGURED', 'bagboy.yaml names nothing that could be watched.'))
  return watch.handle
}
