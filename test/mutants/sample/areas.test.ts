import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import { AREAS, areaOf } from './areas.ts'

test('every folder of an area exists, and belongs to that area alone', () => {
  for (const [area, folders] of Object.entries(AREAS)) {
    expect(folders.filter((folder) => !existsSync(folder) || areaOf(folder) !== area)).toEqual([])
  }
})
