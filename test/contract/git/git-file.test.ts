import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, onTestFinished, test } from 'vitest'
import { toErrorReport } from '../../../src/errors/bagboy-error.ts'
import { createNodePlatform } from '../../../src/platform/node/create-platform.ts'
import type { Exec } from '../../../src/platform/platform.ts'
import { brew } from '../../../src/registries/brew/driver.ts'
import { startGitHttp } from '../../../src/sandbox/servers/git-http.ts'
import { formulaText } from '../../support/releases/formula.ts'
import { aGitPackage } from '../../support/releases/git-package.ts'
import { createGitTap, type GitTap } from '../../support/releases/git-tap.ts'
import { runClient } from '../../support/processes/run-client.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const RACER = fileURLToPath(new URL('../../support/releases/roll-back-formula.ts', import.meta.url))
const PATH = 'Formula/myapp.rb'

/** Each name at 1.2.0, then all at 1.3.0. */
function aTapOf(names: readonly string[], more: Readonly<Record<string, string>> = {}): GitTap {
  const tap = createGitTap(join(temporaryFolder('git-file'), 'tap.git'), { 'uploadpack.allowFilter': 'true' })
  const filesOf = (version: string) =>
    Object.fromEntries(names.map((name) => [`Formula/${name}.rb`, `# ${name}\n${formulaText(version)}`]))
  tap.commit({ ...more, ...filesOf('1.2.0') }, 'all 1.2.0')
  tap.commit(filesOf('1.3.0'), 'all 1.3.0')
  return tap
}

function install(tap: GitTap, hook: string, script: string): void {
  const path = join(tap.folder, 'hooks', hook)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, `#!/bin/sh\n${script}\n`)
  chmodSync(path, 0o755)
}

async function failureOf(promise: Promise<unknown>) {
  return promise.then(
    () => undefined,
    (error: unknown) => toErrorReport(error),
  )
}

describe('several at once', () => {
  test.each(['a folder', 'smart HTTP'])(
    'four processes over %s with one copy all land, once each',
    async (transport) => {
      const names = ['one', 'two', 'three', 'four']
      const tap = aTapOf(names)
      const server = await startGitHttp({ root: dirname(tap.folder) })
      onTestFinished(() => server.close())
      const remote = transport === 'a folder' ? tap.folder : `${server.url}/tap.git`
      const folder = temporaryFolder('racers')

      const results = await Promise.all(names.map((name) => runClient(process.execPath, [RACER, remote, folder, name])))

      expect(results.map(({ exitCode, stderr }) => [exitCode, stderr])).toEqual(names.map(() => [0, '']))
      expect(names.map((name) => tap.read(`Formula/${name}.rb`))).toEqual(
        names.map((name) => `# ${name}\n${formulaText('1.2.0')}`),
      )
      const keys = tap.git('log', '--format=%(trailers:key=Bagboy-Op,valueonly)', 'main').split('\n').filter(Boolean)
      expect(keys.toSorted()).toEqual(names.map((name) => `key-of-${name}`).toSorted())
      expect(tap.git('fsck', '--strict', '--no-dangling')).toBe('')
    },
  )

  test('twelve steps of one process on one copy all land', async () => {
    const names = Array.from({ length: 12 }, (_, place) => `app${place}`)
    const tap = aTapOf(names)
    const folder = temporaryFolder('steps')

    await Promise.all(names.map((name) => aGitPackage({ driver: brew, remote: tap.folder, folder, name }).rollBack()))

    expect(names.filter((name) => tap.read(`Formula/${name}.rb`)?.includes('1.3.0'))).toEqual([])
    expect(tap.messages()).toHaveLength(14)
  })

  test('somebody who pushes between our read and our push is not lost, and neither are we', async () => {
    const tap = aTapOf(['myapp'])
    const real = createNodePlatform().exec
    let overtakenCount = 0
    const exec: Exec = async (request, signal) => {
      if (request.args[0] === 'push' && overtakenCount < 3) {
        overtakenCount += 1
        tap.commit({ [`Formula/other${overtakenCount}.rb`]: 'class Other < Formula\nend\n' }, `other ${overtakenCount}`)
      }
      return real(request, signal)
    }

    await aGitPackage({
      driver: brew,
      remote: tap.folder,
      folder: temporaryFolder('us'),
      platform: { exec },
    }).rollBack()

    const subjects = tap.messages().map((message) => message.split('\n')[0])
    expect(subjects).toEqual(['Roll back myapp to 1.2.0', 'other 3', 'other 2', 'other 1', 'all 1.3.0', 'all 1.2.0'])
    expect(tap.read(PATH)).toContain('1.2.0')
  })

  test('somebody who changes our file between our read and our push wins', async () => {
    const tap = aTapOf(['myapp'])
    const real = createNodePlatform().exec
    const exec: Exec = async (request, signal) => {
      if (request.args[0] === 'push') tap.commit({ [PATH]: formulaText('1.3.1') }, 'myapp 1.3.1')
      return real(request, signal)
    }
    const app = aGitPackage({ driver: brew, remote: tap.folder, folder: temporaryFolder('us'), platform: { exec } })

    const report = await failureOf(app.rollBack())

    expect(report?.code).toBe('REGISTRY_CONFLICT')
    expect(tap.read(PATH)).toBe(formulaText('1.3.1'))
  })
})

describe('a push that is declined', () => {
  test('by a hook is forbidden, with what the remote says made safe, and is not tried again', async () => {
    const tap = aTapOf(['myapp'])
    const log = join(tap.folder, 'tries')
    install(tap, 'pre-receive', `echo try >> '${log}'; printf 'GH006: Protected branch\\033[2J main\\n' >&2; exit 1`)
    const app = aGitPackage({ driver: brew, remote: tap.folder, folder: temporaryFolder('us') })

    const report = await failureOf(app.rollBack())

    expect(report).toMatchObject({
      code: 'REGISTRY_FORBIDDEN',
      message: expect.stringContaining('pre-receive hook declined; it says: GH006: Protected branch^[[2J main'),
      hint: expect.stringContaining('pull request'),
    })
    expect(tap.read(PATH)).toContain('1.3.0')
    expect((await runClient('cat', [log])).stdout).toBe('try\n')
  })

  test('because the branch is checked out there is forbidden', async () => {
    const tap = aTapOf(['myapp'])
    const work = join(temporaryFolder('work'), 'tap')
    await runClient('git', ['clone', '--quiet', tap.folder, work])
    const app = aGitPackage({ driver: brew, remote: work, folder: temporaryFolder('us') })

    expect(await failureOf(app.rollBack())).toMatchObject({ code: 'REGISTRY_FORBIDDEN' })
  })
})

describe('what runs on this machine', () => {
  test('is no hook of the user, wherever git is told to look for them', async () => {
    const tap = aTapOf(['myapp'])
    const folder = temporaryFolder('us')
    const [hooks, template, ran] = [join(folder, 'hooks'), join(folder, 'template'), join(folder, 'ran')]
    for (const place of [hooks, join(template, 'hooks')]) {
      mkdirSync(place, { recursive: true })
      for (const name of ['pre-push', 'reference-transaction', 'post-index-change']) {
        writeFileSync(join(place, name), `#!/bin/sh\necho ${name} >> '${ran}'\n`, { mode: 0o755 })
      }
    }
    const config = join(folder, 'gitconfig')
    writeFileSync(config, `[core]\n\thooksPath = ${hooks}\n[init]\n\ttemplateDir = ${template}\n`)
    const env = { GIT_CONFIG_GLOBAL: config, GIT_CONFIG_NOSYSTEM: '1' }
    // Over HTTP, because a folder's receiving side runs under the same user's configuration.
    const server = await startGitHttp({ root: dirname(tap.folder) })
    onTestFinished(() => server.close())

    await aGitPackage({ driver: brew, remote: `${server.url}/tap.git`, folder, platform: { env } }).rollBack()

    expect(tap.read(PATH)).toContain('1.2.0')
    expect((await runClient('cat', [ran])).exitCode).toBe(1)
  })

  test('is nothing else when log and fetch are configured in unusual ways', async () => {
    const tap = aTapOf(['myapp'])
    const folder = temporaryFolder('us')
    const config = join(folder, 'gitconfig')
    const settings = [
      '[log]\n\tfollow = true\n\tshowSignature = true\n\tshowRoot = false',
      '[diff]\n\trenames = copies\n\texternal = false\n\tnoprefix = true',
      '[fetch]\n\tprune = true\n\twriteCommitGraph = true',
      '[push]\n\tfollowTags = true\n\tgpgSign = if-asked\n\tdefault = nothing',
      '[init]\n\tdefaultObjectFormat = sha256',
      '[color]\n\tui = always\n\tpush = always\n\ttransport = always\n\tremote = always',
      '[i18n]\n\tcommitEncoding = latin1',
    ]
    writeFileSync(config, `${settings.join('\n')}\n`)
    const env = { GIT_CONFIG_GLOBAL: config, GIT_CONFIG_NOSYSTEM: '1' }

    await aGitPackage({ driver: brew, remote: tap.folder, folder, platform: { env } }).rollBack()

    expect(tap.read(PATH)).toContain('1.2.0')
  })
})

describe('a large tap', () => {
  test('of 2,000 formulas keeps every one of them, and only two contents travel', async () => {
    const others = Object.fromEntries(
      Array.from({ length: 2000 }, (_, place) => [`Formula/f${place}.rb`, `class F${place} < Formula\nend\n`]),
    )
    const tap = aTapOf(['myapp'], others)
    const pins = { old: { path: PATH, sha: tap.blobOf(PATH, 'main~1') }, bad: null }
    const folder = temporaryFolder('us')
    const before = tap.git('ls-tree', '-r', 'main').split('\n')

    await aGitPackage({ driver: brew, remote: `file://${tap.folder}`, folder, pins }).rollBack()

    const after = tap.git('ls-tree', '-r', 'main').split('\n')
    expect(after).toHaveLength(2001)
    expect(after.filter((line) => !before.includes(line))).toEqual([`100644 blob ${pins.old.sha}\t${PATH}`])
    const [copy = ''] = (await runClient('ls', [join(folder, 'cache/git')])).stdout.split('\n')
    const objects = ['cat-file', '--batch-check=%(objecttype)', '--batch-all-objects']
    const types = (await runClient('git', ['--git-dir', join(folder, 'cache/git', copy), ...objects])).stdout.split(
      '\n',
    )
    expect(types.filter((type) => type === 'blob')).toHaveLength(2)
  })
})
