declare global {
  /** Set by tests that end the process at a chosen point. A bundle never asks for it. */
  var bagboyFailpoint: ((name: string) => void) | undefined
}

/**
 * A named moment of a write path, right before or right after something becomes durable or reaches a registry. The crash
 * suites end the process at each of them. `bin/build.mjs` sets the hook to nothing, and with it every call disappears.
 */
export function failpoint(name: string): void {
  globalThis.bagboyFailpoint?.(name)
}
