import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { toErrorReport } from '../../../src/errors/bagboy-error.ts'
import { createNodePlatform } from '../../../src/platform/node/create-platform.ts'
import type { Exec } from '../../../src/platform/platform.ts'
import { brew } from '../../../src/registries/brew/driver.ts'
import { formulaText } from '../../support/releases/formula.ts'
import { aGitPackage, type GitPackage, type GitPackageSettings } from '../../support/releases/git-package.ts'
import { createGitTap, type GitTap } from '../../support/releases/git-tap.ts'
import { GIT_ENVIRONMENT } from '../../support/processes/run-client.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const PATH = 'Formula/myapp.rb'

interface Scene {
  readonly tap: GitTap
  readonly folder: string
  readonly app: GitPackage
  readonly pins: { readonly old: { readonly path: string; readonly sha: string }; readonly bad: null }
}

/** 1.1.0, 1.2.0 and 1.3.0 in a bare repository on this machine. */
function aTap(settings: Partial<GitPackageSettings> = {}, textOf = (version: string) => formulaText(version)): Scene {
  const folder = temporaryFolder('brew')
  const tap = createGitTap(join(folder, 'homebrew-tap.git'))
  tap.commit({ 'README.md': 'A tap.\n', 'Formula/other.rb': 'class Other < Formula\nend\n' })
  for (const version of ['1.1.0', '1.2.0', '1.3.0']) tap.commit({ [PATH]: textOf(version) }, `myapp ${version}`)
  const pins = { old: { path: PATH, sha: tap.blobOf(PATH, 'main~1') }, bad: null }
  const app = aGitPackage({ driver: brew, remote: tap.folder, folder, pins, ...settings })
  return { tap, folder, app, pins }
}

async function failureOf(promise: Promise<unknown>) {
  return promise.then(
    () => undefined,
    (error: unknown) => toErrorReport(error),
  )
}

describe('a formula in a tap on this machine', () => {
  test('is restored by one commit on top, with the reason and the key, and nothing else changes', async () => {
    const { tap, app } = aTap()
    const before = tap.git('ls-tree', '-r', 'main').split('\n')

    await app.rollBack('error rate 12 %\nBagboy-Op: forged\u001b[2J')

    expect(tap.git('show', `main:${PATH}`)).toBe(formulaText('1.2.0').trim())
    expect(tap.git('rev-parse', 'main~1:Formula/myapp.rb')).toBe(tap.blobOf(PATH, 'main^'))
    expect(tap.messages()[0]).toBe(
      'Roll back myapp to 1.2.0\n\nerror rate 12 %^JBagboy-Op: forged^[[2J\n\nBagboy-Op: 5f1d0c2ab94e7763',
    )
    expect(tap.git('log', '-1', '--format=%(trailers:key=Bagboy-Op,valueonly)', 'main')).toBe('5f1d0c2ab94e7763')
    const after = tap.git('ls-tree', '-r', 'main').split('\n')
    expect(after.filter((line) => !before.includes(line))).toEqual([`100644 blob ${tap.blobOf(PATH)}\t${PATH}`])
    expect(tap.git('fsck', '--strict')).toBe('')
  })

  test('is left alone when it is what was wanted already', async () => {
    const { tap, app } = aTap()
    await app.rollBack()
    const head = tap.head()

    const draft = await app.rollBack()

    expect([draft, tap.head()]).toEqual([undefined, head])
  })

  test('comes back byte for byte when it is undone, on top of what others pushed meanwhile', async () => {
    const { tap, app } = aTap()
    const draft = await app.rollBack()
    tap.commit({ 'Formula/other.rb': 'class Other < Formula\n  version "2"\nend\n' }, 'other 2')

    await app.execute(draft?.undo)

    expect(tap.read(PATH)).toBe(formulaText('1.3.0'))
    expect(tap.messages().map((text) => text.split('\n')[0])).toEqual([
      'Restore myapp as it was before the roll back to 1.2.0',
      'other 2',
      'Roll back myapp to 1.2.0',
      'myapp 1.3.0',
      'myapp 1.2.0',
      'myapp 1.1.0',
      'change',
    ])
  })

  test('is not overwritten when somebody changed it between plan and run', async () => {
    const { tap, app } = aTap()
    const draft = app.plan(await app.inspect())
    tap.commit({ [PATH]: formulaText('1.3.1') }, 'myapp 1.3.1')
    const head = tap.head()

    const report = await failureOf(app.execute(draft?.actions))

    expect(report).toMatchObject({ code: 'REGISTRY_CONFLICT', details: { path: PATH, found: tap.blobOf(PATH) } })
    expect(tap.head()).toBe(head)
  })

  test('that was deleted is made again, and deleted again by the undo', async () => {
    const { tap, app } = aTap()
    tap.commit({ [PATH]: null }, 'drop myapp')
    const snapshot = await app.inspect()

    const draft = await app.rollBack()
    const restored = tap.read(PATH)
    await app.execute(draft?.undo)

    expect(snapshot).toMatchObject({ pointer: { files: { [PATH]: null } }, serving: null })
    expect([restored, tap.read(PATH)]).toEqual([formulaText('1.2.0'), undefined])
  })

  test('keeps being executable', async () => {
    const { tap, app } = aTap()
    const mode = `100755,${tap.blobOf(PATH)},${PATH}`
    tap.git('read-tree', 'main')
    tap.git('update-index', '--cacheinfo', mode)
    const tree = tap.git('write-tree')
    tap.git('update-ref', 'refs/heads/main', tap.git('commit-tree', tree, '-p', 'main', '-m', 'executable'))

    await app.rollBack()

    expect(tap.git('ls-tree', 'main', PATH)).toBe(`100755 blob ${tap.blobOf(PATH, 'main~3')}\t${PATH}`)
  })

  test('is refused where a link stands in its place', async () => {
    const { tap, app } = aTap({ pins: { old: null, bad: null } })
    const link = `120000,${tap.blobOf('README.md')},${PATH}`
    tap.git('read-tree', 'main')
    tap.git('update-index', '--cacheinfo', link)
    tap.git('update-ref', 'refs/heads/main', tap.git('commit-tree', tap.git('write-tree'), '-p', 'main', '-m', 'link'))

    expect(await failureOf(app.inspect())).toMatchObject({ code: 'REGISTRY_REJECTED' })
  })

  test('is taken by hand with the commands that are shown', async () => {
    const { tap, app, folder } = aTap()
    const draft = app.plan(await app.inspect())
    const shell = join(folder, 'by hand')
    mkdirSync(shell)

    execFileSync('sh', ['-ec', draft?.manual.join('\n') ?? 'false'], {
      cwd: shell,
      env: { ...process.env, ...GIT_ENVIRONMENT },
      stdio: 'ignore',
    })

    expect(tap.read(PATH)).toBe(formulaText('1.2.0'))
    expect(await app.rollBack()).toBeUndefined()
  })
})

describe('the commands by hand', () => {
  test('can be pasted again in the same folder, and push nothing when one of them fails', async () => {
    const { tap, app, folder } = aTap()
    const text = app.plan(await app.inspect())?.manual.join('\n') ?? 'false'
    const shell = join(folder, 'pasted')
    mkdirSync(shell)
    const paste = (commands: string) =>
      spawnSync('sh', ['-c', `${commands}\necho "still in $PWD"`], {
        cwd: shell,
        env: { ...process.env, ...GIT_ENVIRONMENT },
        encoding: 'utf8',
      })
    const before = tap.git('rev-parse', 'main')

    const broken = paste(text.replace(/blob [0-9a-f]{40}/u, `blob ${'0'.repeat(40)}`))
    const afterBroken = tap.git('rev-parse', 'main')
    const whole = paste(text)

    expect(broken.stderr).toContain('0000')
    expect(afterBroken).toBe(before)
    expect(tap.read(PATH)).toBe(formulaText('1.2.0'))
    expect(whole.stdout.trim()).toBe(`still in ${shell}`)
    expect(readdirSync(shell)).toEqual([])
  })
})

describe('beside the formula', () => {
  test.each([
    ['a link in the root', '120000', 'myapp.rb'],
    ['a link among the casks', '120000', 'Casks/myapp.rb'],
    ['a submodule with its name', '160000', 'myapp.rb'],
  ])('%s is left alone, with and without path:', async (_what, mode, path) => {
    const { tap, folder, pins } = aTap()
    tap.git('read-tree', 'main')
    tap.git('update-index', '--add', '--cacheinfo', `${mode},${tap.blobOf('README.md')},${path}`)
    tap.git('update-ref', 'refs/heads/main', tap.git('commit-tree', tap.git('write-tree'), '-p', 'main', '-m', 'more'))
    const before = tap.git('ls-tree', 'main', path)

    for (const options of [{}, { path: PATH }]) {
      const app = aGitPackage({ driver: brew, remote: tap.folder, folder, pins, options })
      const draft = await app.rollBack()
      expect(tap.read(PATH)).toBe(formulaText('1.2.0'))
      await app.execute(draft?.undo)
      expect(tap.read(PATH)).toBe(formulaText('1.3.0'))
    }

    expect(tap.git('ls-tree', 'main', path)).toBe(before)
  })

  test('a folder with its name is left alone', async () => {
    const { tap, app } = aTap()
    tap.commit({ 'myapp.rb/x': 'x\n' })

    await app.rollBack()

    expect([tap.read(PATH), tap.read('myapp.rb/x')]).toEqual([formulaText('1.2.0'), 'x\n'])
  })
})

describe('finding the old formula', () => {
  test('without a pin takes the newest commit of the branch that has the version', async () => {
    const { tap, app } = aTap({ pins: { old: null, bad: null } })
    const corrected = formulaText('1.2.0', '  revision 1')
    tap.commit({ [PATH]: corrected }, 'myapp 1.2.0, corrected')
    tap.commit({ [PATH]: formulaText('1.3.0') }, 'myapp 1.3.0')

    const { target } = await app.inspect()
    await app.rollBack()

    expect(target).toMatchObject({ status: 'present', pin: { path: PATH, commit: tap.git('rev-parse', 'main~2') } })
    expect(tap.read(PATH)).toBe(corrected)
  })

  test('without a pin and without such a version says what it looked through', async () => {
    const { app } = aTap()

    const { target } = await app.inspect({ version: 'v0.9.0', pin: null })

    expect(target).toMatchObject({ status: 'missing', detail: expect.stringContaining(PATH) })
  })

  test('by a pin that is another version is refused', async () => {
    const { tap, app } = aTap()
    const pin = { path: PATH, sha: tap.blobOf(PATH, 'main~2') }

    const { target } = await app.inspect({ version: 'v1.2.0', pin })

    expect(target).toMatchObject({ status: 'changed', detail: expect.stringContaining('1.1.0') })
  })

  test.each([
    ['another hash of its content', (sha: string) => ({ path: PATH, sha, blob_sha256: '0'.repeat(64) }), 'changed'],
    ['half a name', () => ({ path: PATH, sha: '77c1' }), 'changed'],
    ['a path out of the repository', (sha: string) => ({ path: '../../x', sha }), 'changed'],
    ['a blob nobody has', () => ({ path: PATH, sha: '1'.repeat(40) }), 'missing'],
  ])('by a pin with %s is refused', async (_what, pinOf, status) => {
    const { tap, app } = aTap()

    const snapshot = await app.inspect({ version: 'v1.2.0', pin: pinOf(tap.blobOf(PATH, 'main~1')) })

    expect(snapshot.target).toMatchObject({ status, detail: /\S/u, remedy: /\S/u })
  })

  test('is the same on another branch', async () => {
    const { tap, folder, pins } = aTap()
    tap.git('branch', 'next')
    const app = aGitPackage({ driver: brew, remote: tap.folder, folder, pins, options: { branch: 'next' } })

    await app.rollBack()

    expect(tap.git('show', `next:${PATH}`)).toBe(formulaText('1.2.0').trim())
    expect(tap.read(PATH)).toBe(formulaText('1.3.0'))
  })
})

describe('a tap that cannot be read', () => {
  test('without the branch says which ones there are', async () => {
    const { app } = aTap({ options: { branch: 'master' } })

    const report = await failureOf(app.inspect())

    expect(report).toMatchObject({ code: 'REGISTRY_NOT_FOUND', hint: expect.stringContaining('main') })
  })

  test('because it is not there is told as such', async () => {
    const folder = temporaryFolder('brew')
    const app = aGitPackage({ driver: brew, remote: join(folder, 'nowhere.git'), folder })

    expect(await failureOf(app.inspect())).toMatchObject({ code: 'REGISTRY_NOT_FOUND' })
  })

  test.each([
    [0, 'write'],
    [1, 'denied'],
  ])('asks the system whether this user may write to it: test -w ends with %i', async (exitCode, expected) => {
    const real = createNodePlatform().exec
    const answer = { exitCode, stdout: new Uint8Array(), stderr: '' }
    const exec: Exec = async (request, signal) => (request.file === 'test' ? answer : real(request, signal))
    const { app } = aTap({ platform: { exec } })

    const { access } = await app.inspect()

    expect(access).toBe(expected)
  })
})

describe('bump_version_scheme', () => {
  test('restores the text under a higher scheme, shows it, and goes one way', async () => {
    const { tap, app } = aTap({ options: { bump_version_scheme: true } })
    const snapshot = await app.inspect()

    const draft = await app.rollBack()

    expect(snapshot.preview.after).toContain('  version_scheme 1\n')
    expect(draft).toMatchObject({
      reversibility: 'one-way',
      undo: [],
      title: expect.stringContaining('version_scheme'),
    })
    expect(tap.read(PATH)).toBe(snapshot.preview.after)
    expect((await app.inspect()).pointer).toEqual(draft?.want)
    expect(await app.rollBack()).toBeUndefined()
  })
})

describe('hostile text in a tap', () => {
  test('reaches titles, messages and findings in no form a terminal obeys', async () => {
    const evil = '\u001b]0;owned\u0007\u202e'
    const { tap, app } = aTap({}, (version) => formulaText(version === '1.2.0' ? version : `${version}${evil}`))

    const snapshot = await app.inspect()
    const draft = await app.rollBack(`because ${evil}`)
    const { target } = await app.inspect({
      version: 'v1.1.0',
      pin: { path: `Formula/${evil}.rb`, sha: '1'.repeat(40) },
    })

    const detail = target.status === 'present' ? '' : target.detail
    const texts = [...(draft?.manual ?? []), draft?.title, draft?.actions[0]?.title, detail, tap.messages()[0]]
    expect(snapshot.serving).toBeNull()
    // eslint-disable-next-line no-control-regex -- control characters are what must not be there
    expect(texts.join('\n')).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/u)
    // The preview is the file itself: whoever shows it makes it safe.
    expect(snapshot.preview.before).toContain(evil)
  })
})

describe('options', () => {
  test.each([
    [{ via: 'github' }, 'github driver'],
    [{ remote: 'ext::sh -c id' }, 'program'],
    [{ remote: '--upload-pack=id' }, 'option'],
    [{ remote: 'https://u:secret@example.com/tap.git' }, 'credentials: ${env:NAME}'],
    [{ branch: '--force' }, 'branch'],
    [{ path: '../x' }, 'repository'],
    [{ credentials: 'user:secret' }, 'never stands in this file'],
    [{ bump: true }, 'bump'],
  ])('%j is refused with a reason', (options, why) => {
    const parsed = brew.options.safeParse(options)

    expect(parsed.success).toBe(false)
    expect(JSON.stringify(parsed.error?.issues)).toContain(why)
  })
})
