import { setTimeout as sleep } from 'node:timers/promises'

/** Only where the program itself counts time: it ignores keys for a while after others. */
export async function pause(ms: number): Promise<void> {
  await sleep(ms)
}
