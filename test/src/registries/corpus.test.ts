import { describe, expect, test } from 'vitest'
import { brewVersion } from '../../../src/registries/brew/brew-version.ts'
import { manifestVersion } from '../../../src/registries/scoop/manifest-version.ts'
import { CASK_SHAPES } from '../../support/corpus/cask-shapes.ts'
import { FORMULA_SHAPES } from '../../support/corpus/formula-shapes.ts'
import { MANIFEST_SHAPES } from '../../support/corpus/manifest-shapes.ts'
import { VERSIONS, type Shape } from '../../support/corpus/shape.ts'

const KINDS: readonly (readonly [string, readonly Shape[], (text: string) => string | undefined])[] = [
  ['a formula', FORMULA_SHAPES, brewVersion],
  ['a cask', CASK_SHAPES, brewVersion],
  ['a manifest', MANIFEST_SHAPES, manifestVersion],
]

test('there are more than 300 files of all kinds', () => {
  const shapeCount = KINDS.reduce((sum, [, shapes]) => sum + shapes.length, 0)

  expect(shapeCount * VERSIONS.length).toBeGreaterThan(300)
})

describe.each(KINDS)('the version of %s', (_kind, shapes, versionOf) => {
  test.each(shapes)('is read: %s', (_shape, textOf) => {
    expect(VERSIONS.map((version) => versionOf(textOf(version)))).toEqual([...VERSIONS])
  })
})
