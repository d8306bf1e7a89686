import { setTimeout as sleep } from 'node:timers/promises'

/** Polls until `condition` holds. @throws after `timeoutMs`, naming what was waited for */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  timeoutMs = 10_000,
): Promise<void> {
  const end = performance.now() + timeoutMs
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`${what} did not happen within ${timeoutMs} ms`)
    await sleep(10)
  }
}
