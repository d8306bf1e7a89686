import { linkSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createNodeFiles } from '../../../../src/platform/node/files/files.ts'
import { diskError, faultyFileSystem } from '../../../support/faulty-file-system.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'

const ROUNDS = 100
const CONTENDERS = 16

describe('createExclusive', () => {
  it(`lets exactly one of ${CONTENDERS} contenders win, in ${ROUNDS} rounds`, async () => {
    const folder = temporaryFolder('exclusive')
    const files = createNodeFiles()
    const contents = Array.from({ length: CONTENDERS }, (_, index) => Buffer.alloc(5000, index))

    for (let round = 0; round < ROUNDS; round += 1) {
      const path = join(folder, String(round))
      const results = await Promise.all(contents.map((bytes) => files.createExclusive(path, bytes)))

      expect(results.filter(Boolean)).toHaveLength(1)
      expect(readFileSync(path)).toEqual(contents[results.indexOf(true)])
    }
    expect(readdirSync(folder)).toHaveLength(ROUNDS)
  })

  it('still lets one win where the file system knows no hard links', async () => {
    const folder = temporaryFolder('exclusive')
    const { system } = faultyFileSystem({
      before: async (call) => {
        if (call === 'link') throw diskError('ENOTSUP', call)
      },
    })
    const files = createNodeFiles(system)

    const results = await Promise.all(
      Array.from({ length: CONTENDERS }, (_, index) =>
        files.createExclusive(join(folder, 'a'), Buffer.alloc(99, index)),
      ),
    )

    expect(results.filter(Boolean)).toHaveLength(1)
    expect(readFileSync(join(folder, 'a'))).toEqual(Buffer.alloc(99, results.indexOf(true)))
    expect(readdirSync(folder)).toEqual(['a'])
  })

  it('recognises its own name when the answer to its link was lost and the link was asked for again', async () => {
    const folder = temporaryFolder('exclusive')
    const path = join(folder, 'a')
    const { system } = faultyFileSystem({
      before: async (call, temporary) => {
        if (call === 'link') linkSync(temporary, path)
      },
    })

    const created = await createNodeFiles(system).createExclusive(path, Buffer.from('ours'))

    expect(created).toBe(true)
    expect(readFileSync(path, 'utf8')).toBe('ours')
  })
})
