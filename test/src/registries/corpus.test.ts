import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { AnyDriver } from '../../../src/registries/driver.ts'
import { brew } from '../../../src/registries/brew.ts'
import { brewVersion } from '../../../src/registries/brew/brew-version.ts'
import { scoop } from '../../../src/registries/scoop.ts'
import { manifestVersion } from '../../../src/registries/scoop/manifest-version.ts'
import { CASK_SHAPES } from '../../support/corpus/cask-shapes.ts'
import { FORMULA_SHAPES } from '../../support/corpus/formula-shapes.ts'
import { MANIFEST_SHAPES } from '../../support/corpus/manifest-shapes.ts'
import { VERSIONS, type Shape } from '../../support/corpus/shape.ts'
import { aGitPackage } from '../../support/git-package.ts'
import { createGitTap } from '../../support/git-tap.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

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

/** One tap with a package of every shape: each goes back and forth, and all the others stay as they are. */
async function thereAndBack(driver: AnyDriver, shapes: readonly Shape[], pathOf: (name: string) => string) {
  const folder = temporaryFolder('corpus')
  const tap = createGitTap(join(folder, 'tap.git'))
  const filesOf = (version: string) =>
    Object.fromEntries(shapes.map(([, textOf], place) => [pathOf(`app${place}`), textOf(version)]))
  tap.commit(filesOf('1.2.0'))
  tap.commit(filesOf('1.3.0'))
  const before = tap.git('rev-parse', 'main^{tree}')
  const restored: string[] = []
  for (const [place, [shape, textOf]] of shapes.entries()) {
    const name = `app${place}`
    const pins = { old: { path: pathOf(name), sha: tap.blobOf(pathOf(name), 'main~1') }, bad: null }
    const app = aGitPackage({
      driver,
      remote: tap.folder,
      folder,
      name,
      pins: place === 0 ? pins : { ...pins, old: null },
    })
    const draft = await app.rollBack()
    if (tap.read(pathOf(name)) === textOf('1.2.0')) restored.push(shape)
    await app.execute(draft?.undo)
  }
  return { restored, isAsBefore: tap.git('rev-parse', 'main^{tree}') === before }
}

test.each([
  ['formulas', brew, FORMULA_SHAPES.slice(0, 8), (name: string) => `Formula/${name}.rb`],
  ['casks', brew, CASK_SHAPES.slice(0, 5), (name: string) => `Casks/${name}.rb`],
  ['manifests', scoop, MANIFEST_SHAPES.slice(7, 13), (name: string) => `bucket/${name}.json`],
] as const)('%s go back and forth byte for byte', async (_kind, driver, shapes, pathOf) => {
  expect(await thereAndBack(driver, shapes, pathOf)).toEqual({
    restored: shapes.map(([title]) => title),
    isAsBefore: true,
  })
})
