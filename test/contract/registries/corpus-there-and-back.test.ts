import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { AnyDriver } from '../../../src/registries/driver.ts'
import { brew } from '../../../src/registries/brew/driver.ts'
import { scoop } from '../../../src/registries/scoop/driver.ts'
import { CASK_SHAPES } from '../../support/corpus/cask-shapes.ts'
import { FORMULA_SHAPES } from '../../support/corpus/formula-shapes.ts'
import { MANIFEST_SHAPES } from '../../support/corpus/manifest-shapes.ts'
import { VERSIONS, type Shape } from '../../support/corpus/shape.ts'
import { aGitPackage } from '../../support/releases/git-package.ts'
import { createGitTap } from '../../support/releases/git-tap.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { isExhaustive } from '../../support/effort.ts'

const PLACES: readonly (readonly [string, AnyDriver, readonly Shape[], (name: string) => string])[] = [
  ['formulas', brew, FORMULA_SHAPES, (name) => `Formula/${name}.rb`],
  ['casks', brew, CASK_SHAPES, (name) => `Casks/${name}.rb`],
  ['manifests', scoop, MANIFEST_SHAPES, (name) => `bucket/${name}.json`],
]
/** Every version is left once, and is where a rollback leads once. */
const ALL_MOVES = VERSIONS.map((bad, place) => [bad, VERSIONS.at(place - 1) ?? bad] as const)
/** Without `BAGBOY_CHAOS=all` one of each kind, of every kind another. */
const movesOf = (kind: number) => (isExhaustive ? ALL_MOVES : ALL_MOVES.slice(kind, kind + 1))

/** A package of every shape in one repository: all of them are rolled back, then all of them are restored. */
describe.concurrent.each(PLACES)('all %s', (kind, driver, shapes, pathOf) => {
  test.each(movesOf(PLACES.findIndex(([name]) => name === kind)))(
    'of %s go back to %s and forth again, byte for byte',
    async (bad, old) => {
      const folder = temporaryFolder('corpus')
      const tap = createGitTap(join(folder, 'tap.git'), { 'receive.autogc': 'false' })
      const filesOf = (version: string) =>
        Object.fromEntries(shapes.map(([, textOf], place) => [pathOf(`app${place}`), textOf(version)]))
      const [oldCommit, badCommit] = [tap.commit(filesOf(old)), tap.commit(filesOf(bad))]
      const changedSince = (commit: string) => tap.git('diff', '--name-only', commit, 'main')
      const blobs = tap.git('ls-tree', '-r', '--format=%(path) %(objectname)', oldCommit).split('\n')
      const shaOf = new Map(blobs.map((line) => line.split(' ') as [string, string]))

      const undos = []
      for (const place of shapes.keys()) {
        const [name, path] = [`app${place}`, pathOf(`app${place}`)]
        // Some are found by their version, which takes longer than what was recorded.
        const pin = place % 8 !== 1 ? { path, sha: shaOf.get(path) ?? '' } : null
        const versions = { from: `v${bad}`, to: `v${old}` }
        const app = aGitPackage({ driver, remote: tap.folder, folder, name, versions, pins: { old: pin, bad: null } })
        const draft = await app.rollBack()
        undos.push(() => app.execute(draft?.undo))
      }

      expect(changedSince(oldCommit)).toBe('')
      for (const undo of undos) await undo()
      expect(changedSince(badCommit)).toBe('')
      expect(tap.read(pathOf('app0'))).toBe(shapes[0]?.[1](bad))
      expect(tap.git('rev-list', '--count', `${badCommit}..main`)).toBe(String(2 * shapes.length))
    },
    240_000,
  )
})
