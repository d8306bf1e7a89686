/** What the operator may do to a run while it goes: hold it, let it go on, end it after what is in flight. */
export interface RunControl {
  readonly isAborted: boolean
  readonly isPaused: boolean
  readonly abortReason: string
  abort(reason: string): void
  pause(): void
  unpause(): void
  /** Settles when nothing holds the run: at once, or after `unpause` or `abort`. */
  ready(): Promise<void>
}

export function createRunControl(): RunControl {
  let abortReason: string | undefined
  let gate: PromiseWithResolvers<void> | undefined

  const open = () => {
    gate?.resolve()
    gate = undefined
  }

  return {
    get isAborted() {
      return abortReason !== undefined
    },
    get isPaused() {
      return gate !== undefined
    },
    get abortReason() {
      return abortReason ?? ''
    },
    abort(reason) {
      abortReason ??= reason
      open()
    },
    pause() {
      gate ??= Promise.withResolvers<void>()
    },
    unpause: open,
    ready: () => gate?.promise ?? Promise.resolve(),
  }
}
