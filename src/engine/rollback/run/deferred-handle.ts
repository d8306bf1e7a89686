import type { RunHandle } from '../../engine.ts'

/** A handle for a run whose start first has to read something; commands given meanwhile are kept for it. */
export function deferHandle(runId: string, open: () => Promise<RunHandle>): RunHandle {
  const opened = open()
  const result = opened.then((handle) => handle.result)
  // The caller may await the events first; a refusal must not count as unhandled until then.
  result.catch(() => undefined)
  const relay = (command: (handle: RunHandle) => void) => {
    void opened.then(command, () => undefined)
  }
  return {
    runId,
    result,
    abort: (reason) => relay((handle) => handle.abort(reason)),
    pause: () => relay((handle) => handle.pause()),
    unpause: () => relay((handle) => handle.unpause()),
    async *[Symbol.asyncIterator]() {
      const handle = await opened.catch(() => undefined)
      if (handle) yield* handle
    },
  }
}
