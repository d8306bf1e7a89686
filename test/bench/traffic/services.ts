import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { perSlot, type PerSlot } from '../../../src/domain/traffic/traffic.ts'

export interface SlotReport {
  readonly count: number
  /** Nanoseconds of `process.hrtime`; of the last request. */
  readonly lastAt: bigint
}

export interface MeasuredServices {
  /** `127.0.0.1:41234` */
  readonly hosts: PerSlot<string>
  report(): Promise<PerSlot<SlotReport>>
  close(): void
}

const PROGRAM = join(import.meta.dirname, 'programs/slot-services.ts')

/** The two services in another process, so that counting does not disturb what is measured. */
export async function startMeasuredServices(): Promise<MeasuredServices> {
  const child = fork(PROGRAM)
  const [{ ports }] = (await once(child, 'message')) as [{ readonly ports: readonly [number, number] }]
  return {
    hosts: { blue: `127.0.0.1:${ports[0]}`, green: `127.0.0.1:${ports[1]}` },
    async report() {
      child.send('report')
      const [{ seen }] = (await once(child, 'message')) as [
        { readonly seen: PerSlot<{ readonly count: number; readonly lastAt: string }> },
      ]
      return perSlot((slot) => ({ count: seen[slot].count, lastAt: BigInt(seen[slot].lastAt) }))
    },
    close: () => child.disconnect(),
  }
}
