import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { bundleProgram } from '../../support/harness/bundle-program.ts'
import { printFigure } from '../../support/servers/print-figure.ts'
import { whyNoImages } from './image-disk.ts'
import { cutPower } from './power-cuts.ts'
import { isExhaustive, SEED } from '../../support/effort.ts'

const KINDS = isExhaustive ? (['ext4', 'xfs', 'btrfs'] as const) : (['ext4'] as const)
const CUTS = isExhaustive ? 170 : 12
/** A bug that is found in three of four cuts is found in so many. */
const CUTS_TO_FIND = 25

const writer = () => bundleProgram(join(import.meta.dirname, 'power-writer.ts'))

describe.each(KINDS)('power cuts of a disk with %s while a process writes', (kind) => {
  test(
    `leave a history and a journal that can be read, and nothing acknowledged is lost, ${CUTS} cuts (seed ${SEED})`,
    { timeout: 1_800_000 },
    async (context) => {
      const why = whyNoImages(kind)
      if (why !== undefined) return context.skip(why)

      const report = await cutPower({ kind, cuts: CUTS, seed: SEED, writer: await writer(), how: 'sound' })

      expect(report.unreadable).toEqual([])
      expect(report.lost).toEqual([])
      expect(report.acknowledgedCount).toBeGreaterThan(CUTS)
      printFigure('3', `${kind}: ${CUTS} cuts, 0 unreadable, 0 of ${report.acknowledgedCount} acknowledged writes lost`)
    },
  )
})

test('power cuts find out a writer that does not make names durable', { timeout: 600_000 }, async (context) => {
  const why = whyNoImages('ext4')
  if (why !== undefined) return context.skip(why)

  const report = await cutPower({
    kind: 'ext4',
    cuts: CUTS_TO_FIND,
    seed: SEED,
    writer: await writer(),
    how: 'no-folder-sync',
  })

  expect(report.lost.length + report.unreadable.length).toBeGreaterThan(0)
  printFigure('3', `no fsync of folders: ${report.lost.length} of ${CUTS_TO_FIND} cuts lost something`)
})
