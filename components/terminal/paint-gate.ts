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

/**
 * The store as the screen sees it: while the terminal has no room it stays on the last state that was painted, so that
 * a stalled terminal costs no memory and the newest state is painted when it reads again.
 */
export function createPaintGate<State>(store: Source<State>, target: PaintTarget): Source<State> {
  let shown = store.getState()
  let isWaiting = false
  const listeners = new Set<(state: State, previous: State) => void>()
  const publish = (): void => {
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
    if (shown !== previous) for (const listener of listeners) listener(shown, previous)
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
