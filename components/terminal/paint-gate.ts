/** The part of a TTY stream that tells whether the terminal still reads. */
export interface PaintTarget {
  readonly writableNeedDrain?: boolean
  once(event: 'drain', listener: () => void): unknown
}

interface Source<State> {
  getState(): State
  getInitialState(): State
  subscribe(listener: (state: State, previous: State) => void): () => void
}

/** One frame at 60 a second. */
const FRAME_MS = 16

/**
 * The store as the screen sees it. The first change is painted at once, what follows within a frame is painted together:
 * a held key costs frames, not keys. While the terminal has no room the picture stays as it is, so that a stalled
 * terminal costs no memory and gets the newest state when it reads again.
 */
export function createPaintGate<State>(store: Source<State>, target: PaintTarget): Source<State> {
  let shown = store.getState()
  let isWaiting = false
  let timer: NodeJS.Timeout | undefined
  const listeners = new Set<(state: State, previous: State) => void>()
  const publish = (): void => {
    if (timer !== undefined) return
    if (target.writableNeedDrain === true) {
      if (isWaiting) return
      isWaiting = true
      target.once('drain', () => {
        isWaiting = false
        publish()
      })
      return
    }
    const previous = shown
    shown = store.getState()
    if (shown === previous) return
    for (const listener of listeners) listener(shown, previous)
    timer = setTimeout(() => {
      timer = undefined
      publish()
    }, FRAME_MS)
  }
  store.subscribe(publish)
  return {
    getState: () => shown,
    getInitialState: () => store.getInitialState(),
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/**
 * Writes to a terminal block the whole process while it does not read. The switch is on a private handle of Node, so
 * its absence is no fault.
 */
export function unblockWrites(stdout: object): boolean {
  const handle: unknown = Reflect.get(stdout, '_handle')
  if (handle === null || typeof handle !== 'object') return false
  const setBlocking: unknown = Reflect.get(handle, 'setBlocking')
  if (typeof setBlocking !== 'function') return false
  Reflect.apply(setBlocking, handle, [false])
  return true
}
