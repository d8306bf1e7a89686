import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { BagboyError } from '../../../../src/errors/bagboy-error.ts'
import { createNodeFiles } from '../../../../src/platform/node/files/files.ts'
import type { Files } from '../../../../src/platform/platform.ts'
import { faultyFileSystem } from '../../../support/faulty-file-system.ts'
import { mountSmallDisk } from '../../../support/small-disk.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'

const OLD = Buffer.from('{"version":"v1.2.0"}\n'.repeat(20))
const NEW = Buffer.from('{"version":"v1.3.0","more":true}\n'.repeat(30))
const CODES = ['ENOSPC', 'EIO', 'EDQUOT', 'EROFS'] as const

async function failureOf(work: Promise<unknown>): Promise<unknown> {
  return await work.then(
    () => undefined,
    (error: unknown) => error,
  )
}

/** Lets every call of `work` fail in turn; `check` gets what was thrown and the folder afterwards. */
async function failEverywhere(
  code: string,
  work: (files: Files, path: string) => Promise<unknown>,
  check: (error: unknown, path: string, call: string, earlier: readonly string[]) => void,
): Promise<number> {
  for (let failAt = 0; ; failAt += 1) {
    const path = join(temporaryFolder('faults'), 'state')
    writeFileSync(path, OLD)
    const { system, calls } = faultyFileSystem({ failAt, code })
    const error = await failureOf(work(createNodeFiles(system), path))
    const call = calls[failAt]
    if (call === undefined) return calls.length
    check(error, path, call, calls.slice(0, failAt))
  }
}

describe('disk faults', () => {
  it.each(CODES)(
    'replace survives %s at each of its calls: old or new, never a part, and never silent',
    async (code) => {
      const callCount = await failEverywhere(
        code,
        (files, path) => files.replace(path, NEW),
        (error, path, call, earlier) => {
          const content = readFileSync(path, 'utf8')
          // The last call removes a temporary file that the rename has used up: nothing is at stake any more.
          if (call === 'unlink') expect(error).toBeUndefined()
          else expect(error).toMatchObject({ code: 'DISK', details: { code } })
          expect(content).toBe((earlier.includes('rename') ? NEW : OLD).toString())
          expect(readdirSync(join(path, '..'))).toEqual(['state'])
        },
      )

      expect(callCount).toBeGreaterThanOrEqual(11)
    },
  )

  it.each(CODES)(
    'createExclusive survives %s at each of its calls: whole or absent, and never silent',
    async (code) => {
      const callCount = await failEverywhere(
        code,
        (files, path) => files.createExclusive(`${path}.1`, NEW),
        (error, path, call) => {
          if (call === 'unlink') expect(error).toBeUndefined()
          else expect(error).toMatchObject({ code: 'DISK', details: { code } })
          const names = readdirSync(join(path, '..'))
          if (names.includes('state.1')) expect(readFileSync(`${path}.1`)).toEqual(NEW)
          expect(readFileSync(path)).toEqual(OLD)
        },
      )

      expect(callCount).toBeGreaterThanOrEqual(10)
    },
  )

  it.each(CODES)('append survives %s at each of its calls: the good part stays, and never silent', async (code) => {
    const callCount = await failEverywhere(
      code,
      async (files, path) => {
        const log = await files.openAppend(path)
        try {
          await log.append(NEW)
        } finally {
          await log.close()
        }
      },
      (error, path) => {
        expect(error).toMatchObject({ code: 'DISK', details: { code } })
        expect(readFileSync(path).subarray(0, OLD.length)).toEqual(OLD)
      },
    )

    expect(callCount).toBeGreaterThanOrEqual(7)
  })

  it('refuses every append behind one that failed', async () => {
    const path = join(temporaryFolder('faults'), 'log')
    let isFull = false
    const { system } = faultyFileSystem({
      before: async (call) => {
        if (isFull && call === 'datasync') throw Object.assign(new Error('full'), { code: 'ENOSPC' })
      },
    })
    const log = await createNodeFiles(system).openAppend(path)
    await log.append(Buffer.from('1\n'))

    isFull = true
    const failed = await failureOf(log.append(Buffer.from('2\n')))
    isFull = false
    const after = await failureOf(log.append(Buffer.from('3\n')))

    expect(failed).toBeInstanceOf(BagboyError)
    expect(after).toBe(failed)
    expect(readFileSync(path, 'utf8')).not.toContain('3')
    await log.close()
  })

  it('says what to free and where', async () => {
    const path = join(temporaryFolder('faults'), 'state')
    const { system } = faultyFileSystem({ failAt: 2, code: 'ENOSPC' })

    const error = await failureOf(createNodeFiles(system).replace(path, NEW))

    expect(error).toMatchObject({ message: `cannot write ${path} (ENOSPC)`, hint: expect.stringContaining('df -h') })
  })

  it('lets an error that no disk has caused through as it is', async () => {
    const bug = new TypeError('a bug')
    const { system } = faultyFileSystem({
      before: async () => {
        throw bug
      },
    })

    const error = await failureOf(createNodeFiles(system).replace(join(temporaryFolder('faults'), 'a'), NEW))

    expect(error).toBe(bug)
  })

  it('keeps a file byte for byte in 200 attempts to replace it on a disk that is really full', async (context) => {
    const disk = mountSmallDisk(1024)
    if (!disk) return context.skip('this user may not mount a small disk')
    try {
      const path = join(disk.folder, 'state')
      const files = createNodeFiles()
      const content = Buffer.alloc(300_000, 'a')
      await files.replace(path, content)
      writeFileSync(join(disk.folder, 'filler'), Buffer.alloc(600_000))

      for (let attempt = 0; attempt < 200; attempt += 1) {
        const bytes = Buffer.alloc(200_000 + attempt * 997, 'b')
        const error = await failureOf(files.replace(path, bytes))
        expect(error).toMatchObject({ code: 'DISK', details: { code: 'ENOSPC' } })
      }

      expect(readFileSync(path)).toEqual(content)
      expect(readdirSync(disk.folder).sort()).toEqual(['filler', 'state'])
    } finally {
      disk.unmount()
    }
  })
})
