const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/u

/** A host with its port that packets do not leave this machine for. */
export function isLoopback(host: string): boolean {
  return LOOPBACK.test(host)
}
