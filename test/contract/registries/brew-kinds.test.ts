import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Json } from '../../../src/domain/text/json.ts'
import { toErrorReport } from '../../../src/errors/bagboy-error.ts'
import { brew } from '../../../src/registries/brew/driver.ts'
import { formulaText } from '../../support/releases/formula.ts'
import { aGitPackage } from '../../support/releases/git-package.ts'
import { createGitTap, type GitTap } from '../../support/releases/git-tap.ts'
import { GIT_ENVIRONMENT } from '../../support/processes/run-client.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const FORMULA = 'Formula/myapp.rb'
const CASK = 'Casks/myapp.rb'

const caskText = (version: string) =>
  `cask "myapp" do\n  version "${version}"\n  sha256 :no_check\n  url "https://example.org/myapp-#{version}.dmg"\nend\n`

interface Scene {
  readonly tap: GitTap
  readonly folder: string
  record(version: string): Promise<Json>
  packageWith(
    pins: { readonly old: Json; readonly bad: Json },
    options?: Readonly<Record<string, unknown>>,
  ): ReturnType<typeof aGitPackage>
}

function aTap(): Scene {
  const folder = temporaryFolder('kinds')
  const tap = createGitTap(join(folder, 'tap.git'))
  tap.commit({ 'README.md': 'A tap.\n' })
  const packageWith: Scene['packageWith'] = (pins, options = {}) =>
    aGitPackage({ driver: brew, remote: tap.folder, folder, pins, options })
  return {
    tap,
    folder,
    packageWith,
    record(version) {
      const { context, subject } = packageWith({ old: null, bad: null })
      return brew.capture({ package: subject.package, version }, context)
    },
  }
}

const filesOf = (tap: GitTap): readonly string[] =>
  tap
    .git('ls-tree', '-r', '--name-only', 'main')
    .split('\n')
    .filter((path) => path.endsWith('.rb'))

describe('a package that changed its kind', () => {
  test.each([
    ['a formula that became a cask', FORMULA, formulaText, CASK, caskText, true],
    ['a formula that got a cask beside it', FORMULA, formulaText, CASK, caskText, false],
    ['a cask that became a formula', CASK, caskText, FORMULA, formulaText, true],
    ['a cask that got a formula beside it', CASK, caskText, FORMULA, formulaText, false],
    [
      'a formula in the root that became a cask in a shard',
      'myapp.rb',
      formulaText,
      'Casks/m/myapp.rb',
      caskText,
      true,
    ],
  ])('%s goes back in one commit, and forth again', async (_what, oldPath, oldText, newPath, newText, isMoved) => {
    const { tap, record, packageWith } = aTap()
    tap.commit({ [oldPath]: oldText('1.2.0') })
    const old = await record('v1.2.0')
    tap.commit({ ...(isMoved ? { [oldPath]: null } : {}), [newPath]: newText('1.3.0') })
    const bad = await record('v1.3.0')
    const before = tap.git('rev-parse', 'main^{tree}')
    const app = packageWith({ old, bad })

    const snapshot = await app.inspect()
    const draft = await app.rollBack()

    expect([snapshot.serving, snapshot.target.status]).toEqual(['1.3.0', 'present'])
    expect([filesOf(tap), tap.read(oldPath)]).toEqual([[oldPath], oldText('1.2.0')])
    expect(tap.messages()[0]).toContain('Roll back myapp to 1.2.0')
    expect(draft?.title).toContain(newPath)
    expect((await app.inspect()).pointer).toEqual(draft?.want)
    expect(await app.rollBack()).toBeUndefined()
    await app.execute(draft?.undo)
    expect(tap.git('rev-parse', 'main^{tree}')).toBe(before)
    expect((await app.inspect()).pointer).toEqual(snapshot.pointer)
  })

  test('goes back without a pin, by what stood there when the version was published', async () => {
    const { tap, packageWith } = aTap()
    tap.commit({ [FORMULA]: formulaText('1.2.0') })
    tap.commit({ [FORMULA]: null, [CASK]: caskText('1.3.0') })

    await packageWith({ old: null, bad: null }).rollBack()

    expect(filesOf(tap)).toEqual([FORMULA])
  })

  test('is taken back by hand with the commands that are shown', async () => {
    const { tap, folder, record, packageWith } = aTap()
    tap.commit({ [FORMULA]: formulaText('1.2.0') })
    const old = await record('v1.2.0')
    tap.commit({ [FORMULA]: null, [CASK]: caskText('1.3.0') })
    const app = packageWith({ old, bad: null })
    const draft = app.plan(await app.inspect())
    const cwd = join(folder, 'by hand')
    mkdirSync(cwd)

    execFileSync('sh', ['-ec', draft?.manual.join('\n') ?? 'false'], {
      cwd,
      env: { ...process.env, ...GIT_ENVIRONMENT },
      stdio: 'ignore',
    })

    expect([filesOf(tap), await app.rollBack()]).toEqual([[FORMULA], undefined])
  })

  test('is not written into the file of the other kind where path: names that', async () => {
    const { tap, record, packageWith } = aTap()
    tap.commit({ [FORMULA]: formulaText('1.2.0') })
    const old = await record('v1.2.0')
    tap.commit({ [CASK]: caskText('1.3.0') })

    const { target } = await packageWith({ old, bad: null }, { path: CASK }).inspect()

    expect(target).toMatchObject({
      status: 'changed',
      detail: `what was recorded is a formula, and ${CASK} is the place of a cask`,
      remedy: expect.stringContaining('Remove path:'),
    })
  })

  test('is left alone when somebody changed one of the two files in between', async () => {
    const { tap, record, packageWith } = aTap()
    tap.commit({ [FORMULA]: formulaText('1.2.0') })
    const old = await record('v1.2.0')
    tap.commit({ [FORMULA]: null, [CASK]: caskText('1.3.0') })
    const app = packageWith({ old, bad: null })
    const draft = app.plan(await app.inspect())
    tap.commit({ [CASK]: caskText('1.3.1') })

    const report = await app.execute(draft?.actions).then(() => undefined, toErrorReport)

    expect(report).toMatchObject({ code: 'REGISTRY_CONFLICT', details: { path: CASK } })
    expect(filesOf(tap)).toEqual([CASK])
  })
})

describe('a package with a formula and a cask', () => {
  async function recordedTwice() {
    const scene = aTap()
    scene.tap.commit({ [FORMULA]: formulaText('1.2.0'), [CASK]: caskText('1.2.0') })
    const old = await scene.record('v1.2.0')
    scene.tap.commit({ [FORMULA]: formulaText('1.3.0'), [CASK]: caskText('1.3.0') })
    return { ...scene, old, bad: await scene.record('v1.3.0') }
  }

  test('has both put back by one commit', async () => {
    const { tap, packageWith, old, bad } = await recordedTwice()
    const count = tap.messages().length
    const app = packageWith({ old, bad })

    const draft = await app.rollBack()

    expect([tap.read(FORMULA), tap.read(CASK)]).toEqual([formulaText('1.2.0'), caskText('1.2.0')])
    expect(tap.messages()).toHaveLength(count + 1)
    await app.execute(draft?.undo)
    expect([tap.read(FORMULA), tap.read(CASK)]).toEqual([formulaText('1.3.0'), caskText('1.3.0')])
  })

  test('keeps its cask where only the formula was recorded, and the cask stood there then', async () => {
    const { tap, packageWith, old, bad } = await recordedTwice()
    const { files: _files, ...formulaOnly } = old as { readonly files: Json }

    await packageWith({ old: formulaOnly, bad }).rollBack()

    expect([tap.read(FORMULA), tap.read(CASK)]).toEqual([formulaText('1.2.0'), caskText('1.3.0')])
  })
})

describe('a tap that was laid out anew since', () => {
  test.each([
    ['sharded', FORMULA, 'Formula/m/myapp.rb'],
    ['with a folder for its formulas', 'myapp.rb', FORMULA],
    ['with the folder of older taps', 'myapp.rb', 'HomebrewFormula/myapp.rb'],
  ])('%s has the old text where clients look now', async (_what, oldPath, newPath) => {
    const { tap, record, packageWith } = aTap()
    tap.commit({ [oldPath]: formulaText('1.2.0') })
    const old = await record('v1.2.0')
    tap.commit({ [oldPath]: null, [newPath]: formulaText('1.2.0') })
    tap.commit({ [newPath]: formulaText('1.3.0') })
    const app = packageWith({ old, bad: await record('v1.3.0') })

    const draft = await app.rollBack()

    expect([filesOf(tap), tap.read(newPath)]).toEqual([[newPath], formulaText('1.2.0')])
    await app.execute(draft?.undo)
    expect(tap.read(newPath)).toBe(formulaText('1.3.0'))
  })

  test('does not get a formula back in the root, where nothing is read any more', async () => {
    const { tap, record, packageWith } = aTap()
    tap.commit({ 'myapp.rb': formulaText('1.2.0') })
    const old = await record('v1.2.0')
    tap.commit({ 'myapp.rb': null, 'Formula/other.rb': 'class Other < Formula\nend\n', [CASK]: caskText('1.3.0') })

    await packageWith({ old, bad: null }).rollBack()

    expect(filesOf(tap)).toEqual([FORMULA, 'Formula/other.rb'])
  })
})

describe('a formula whose version cannot be read', () => {
  const strange = (version: string) => `class Myapp < Formula\n  version MyApp.version("${version}")\nend\n`

  test('is recorded by its content, which says so, and put back byte for byte', async () => {
    const { tap, record, packageWith } = aTap()
    tap.commit({ [FORMULA]: strange('1.2.0') })
    const old = await record('v1.2.0')
    tap.commit({ [FORMULA]: strange('1.3.0') })

    await packageWith({ old, bad: await record('v1.3.0') }).rollBack()

    expect(brew.captureNote?.(old)).toContain('version that cannot be read')
    expect(tap.read(FORMULA)).toBe(strange('1.2.0'))
  })

  test('is not recorded as a version where another file of the package says one', async () => {
    const { tap, record } = aTap()
    tap.commit({ [FORMULA]: strange('1.3.0'), [CASK]: caskText('1.2.0') })

    await expect(record('v1.3.0')).rejects.toMatchObject({
      code: 'REGISTRY_NOT_FOUND',
      hint: expect.stringContaining('1.2.0'),
    })
  })
})

describe('a cask with a release that is frozen for old systems', () => {
  const frozen = (version: string): string =>
    `cask "myapp" do\n  on_mojave :or_older do\n    version "1.0.0"\n  end\n  on_catalina :or_newer do\n    version "${version}"\n  end\nend\n`

  test('is recorded by that of the newest, and goes back to it', async () => {
    const { tap, record, packageWith } = aTap()
    tap.commit({ [CASK]: frozen('1.2.0') })
    const old = await record('v1.2.0')
    tap.commit({ [CASK]: frozen('1.3.0') })
    const bad = await record('v1.3.0')
    const app = packageWith({ old, bad })
    const before = await app.inspect()

    await app.rollBack()

    expect([before.serving, tap.read(CASK)]).toEqual(['1.3.0', frozen('1.2.0')])
  })

  test('is recorded as the frozen release, too, and as no other', async () => {
    const { tap, record, packageWith } = aTap()
    tap.commit({ [CASK]: frozen('1.2.0') })

    const old = await record('v1.0.0')
    const refused = await record('v9.9.9').catch(toErrorReport)

    const { target } = await packageWith({ old, bad: null }).inspect({ version: 'v1.0.0', pin: old })
    expect(target).toEqual({ status: 'present' })
    expect(refused).toMatchObject({ code: 'REGISTRY_NOT_FOUND', hint: 'It serves 1.2.0; publish v9.9.9 first.' })
  })
})
