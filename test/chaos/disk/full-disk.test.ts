import { closeSync, cpSync, openSync, readFileSync, rmSync, statSync, truncateSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { BagboyError } from '../../../src/errors/bagboy-error.ts'
import { createNodeFiles } from '../../../src/platform/node/files/files.ts'
import { printFigure } from '../../support/servers/print-figure.ts'
import { mountSmallDisk } from '../../support/small-disk.ts'
import { PROTOCOLS } from '../protocols/index.ts'
import { preparedFolders } from '../protocols/protocol.ts'

const DISK_KIB = 1024
const BLOCK = 4096
/** Blocks that are left when the work begins: none, and ever more, until it fits. */
const FREE_BLOCKS = 24

/** A file system in memory has room for a name when it has none for a block. */
const NAMES_ONLY = /^run close/u

/** Takes every block there is, then gives so many back. */
function fill(path: string, freeBlocks: number): void {
  const file = openSync(path, 'w')
  try {
    for (;;) writeSync(file, Buffer.alloc(BLOCK))
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error
  } finally {
    closeSync(file)
  }
  truncateSync(path, Math.max(0, statSync(path).size - freeBlocks * BLOCK))
}

describe.each(PROTOCOLS)('a disk that is really full: $name', (protocol) => {
  test(
    `costs nothing and says what to free, with 0 to ${FREE_BLOCKS} blocks left`,
    { timeout: 120_000 },
    async (context) => {
      const disk = mountSmallDisk(DISK_KIB)
      if (!disk) return context.skip('this user may not mount a small disk')
      try {
        const newFolder = await preparedFolders(protocol)
        const [folder, filler] = [join(disk.folder, 'project'), join(disk.folder, 'filler')]
        let refusedCount = 0

        for (let freeBlocks = 0; freeBlocks <= FREE_BLOCKS; freeBlocks += 1) {
          cpSync(newFolder(), folder, { recursive: true })
          fill(filler, freeBlocks)
          const acknowledged: string[] = []
          const thrown: unknown = await protocol
            .act(createNodeFiles(), folder, (fact) => void acknowledged.push(fact))
            .then(
              () => undefined,
              (error: unknown) => error,
            )
          rmSync(filler)

          const place = `${freeBlocks} blocks left`
          if (thrown !== undefined) {
            refusedCount += 1
            expect(thrown, place).toBeInstanceOf(BagboyError)
            expect(thrown, place).toMatchObject({ code: 'DISK', hint: expect.stringMatching(/Free space .*df -h/u) })
          }
          expect(await protocol.check(createNodeFiles(), folder, acknowledged), place).toEqual([])
          rmSync(folder, { recursive: true })
        }

        expect(refusedCount > 0).toBe(!NAMES_ONLY.test(protocol.name))
        printFigure('4 (F05)', `${protocol.name}: ${refusedCount} times refused on a full disk, nothing lost`)
      } finally {
        disk.unmount()
      }
    },
  )
})

test('a history on a full disk is byte for byte what it was', async (context) => {
  const disk = mountSmallDisk(DISK_KIB)
  if (!disk) return context.skip('this user may not mount a small disk')
  try {
    const [protocol] = PROTOCOLS
    if (!protocol) throw new Error('there is no protocol')
    const file = join(disk.folder, '.bagboy', 'deployment-history.yml')
    await protocol.prepare(createNodeFiles(), disk.folder)
    const before = readFileSync(file)
    fill(join(disk.folder, 'filler'), 0)

    for (let attempt = 0; attempt < 20; attempt += 1) {
      await expect(protocol.act(createNodeFiles(), disk.folder, () => undefined)).rejects.toMatchObject({
        code: 'DISK',
      })
    }

    expect(readFileSync(file)).toEqual(before)
  } finally {
    disk.unmount()
  }
})
