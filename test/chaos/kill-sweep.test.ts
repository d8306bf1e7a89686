import { describe, test } from 'vitest'
import { createKillSweep, type KillPoint } from './kill-sweep.ts'
import { isExhaustive, SEED } from '../support/effort.ts'

/** Of a four-registry run; the sweep must not become smaller unseen. */
const FEWEST_RECORDS = 50
/** Without `BAGBOY_CHAOS=all` one point in so many is tried. */
const SAMPLE = 9
const SHARDS = [0, 1]

function chosen(points: readonly KillPoint[], shard: number): readonly KillPoint[] {
  const mine = points.filter((_, index) => index % SHARDS.length === shard)
  if (isExhaustive) return mine
  return mine.filter((_, index) => index % SAMPLE === SEED % SAMPLE)
}

describe.concurrent('SIGKILL at a journal record of a four-registry run', () => {
  test.for(SHARDS)(
    'resume reaches the state of the uninterrupted run and undo restores every pointer, half %i of the points',
    { timeout: 1_500_000 },
    async (shard, { expect, onTestFinished }) => {
      const sweep = await createKillSweep()
      onTestFinished(() => sweep.close())
      const { initial, wanted, recordCount } = await sweep.runUninterrupted()
      expect(recordCount).toBeGreaterThanOrEqual(FEWEST_RECORDS)
      const points = Array.from({ length: recordCount }, (_, index) => index + 1).flatMap((record) => [
        { record, moment: 'before' as const },
        { record, moment: 'after' as const },
      ])

      for (const point of chosen(points, shard)) {
        const place = `${point.moment} record ${point.record} of ${recordCount}`
        expect(await sweep.killAt(point), place).toBe('SIGKILL')
        expect(await sweep.resume(), place).toEqual(wanted)
        expect(await sweep.undo(), place).toEqual(initial)
      }
    },
  )
})
