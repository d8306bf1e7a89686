import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { openApp } from '../../src/app.ts'
import { BagboyError } from '../../src/errors/bagboy-error.ts'
import { createNodePlatform } from '../../src/platform/node/create-platform.ts'
import { isUnreadable } from '../../src/platform/unreadable.ts'
import { cli } from '../support/harness/cli-harness.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const RUN = '01JK8Q4Z7T5VXXXXXXXXXXXXXX'
const TWO_GIGABYTES = 2 ** 31

const KINDS: readonly (readonly [string, (path: string) => void | Promise<void>])[] = [
  ['a pipe', (path) => void execFileSync('mkfifo', [path])],
  ['a folder', (path) => mkdirSync(path)],
  ['a socket', listenAt],
  ['a sparse file', (path) => (writeFileSync(path, ''), truncateSync(path, TWO_GIGABYTES))],
  ['a link that leads out', (path) => symlinkSync('/etc/passwd', path)],
  ['a link to itself', (path) => symlinkSync('plan.json', path)],
  ['noise', (path) => writeFileSync(path, Buffer.from([0xff, 0x00, 0xc3, 0x28, 0x0a, 0x80]))],
]

async function listenAt(path: string): Promise<void> {
  const server = createServer()
  // A path of a socket may have 107 bytes: it is made where the path is short, and moved.
  const short = join(temporaryFolder('socket'), 's')
  await new Promise<void>((resolve) => server.listen(short, resolve))
  execFileSync('mv', [short, path])
  onTestFinished(() => void server.close())
}

/** A project that is published nowhere: what is asked of it is only in its folder. */
function aProject() {
  const root = temporaryFolder('odd-state')
  mkdirSync(join(root, '.bagboy'))
  writeFileSync(join(root, 'bagboy.yaml'), 'name: app\nversion: 1.1.0\n')
  const history = `deployments:\n  - version: "1.1.0"\n    timestamp: "2026-01-20T12:00:00Z"\n    commit: "abc1234"\n    packages: []\n`
  writeFileSync(join(root, '.bagboy/deployment-history.yml'), history)
  const platform = createNodePlatform()
  const run = (...argv: readonly string[]) =>
    cli(argv, { platform, cwd: root, openApp: (place) => openApp(platform, { ...place, cwd: root }) })
  return { root, run }
}

/** Files that a run, a deploy, a lock or a copy of the history has its own names for. */
const PLACES = [
  `runs/${RUN}/plan.json`,
  `runs/closed/${RUN}/plan.json`,
  `deploys/${RUN}/plan.json`,
  `deploys/closed/${RUN}/plan.json`,
  'locks/0000000001.json',
  'locks/0000000001.beat',
  'backups/0000000003-405190d80a52d71b.yml',
]
const COMMANDS = [['status'], ['versions', 'list'], ['runs', 'list'], ['config', 'check']]

describe.each(KINDS)('%s in the folder for state', (_kind, make) => {
  test.each(PLACES)('at %s is in the way of no command that reads', async (place) => {
    const { root, run } = aProject()
    const results = async () => {
      const all = []
      for (const argv of COMMANDS) all.push((await run(...argv)).exitCode)
      return all
    }
    const before = await results()

    const path = join(root, '.bagboy', place)
    mkdirSync(dirname(path), { recursive: true })
    await make(path)

    expect(await results()).toEqual(before)
    const verified = await run('history', 'verify')
    expect(`${verified.stdout}${verified.stderr}`).not.toMatch(/^error /mu)
    expect((await run('lock', 'status')).exitCode).toBe(0)
  })

  test('in the place of a journal or a whole run is listed as a run that is not proved', async () => {
    const { root, run } = aProject()
    const folder = join(root, '.bagboy/runs', RUN)
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'plan.json'), '{}')
    await make(join(folder, 'journal.jsonl'))

    const { exitCode, stdout } = await run('runs', 'list', '-o', 'json')

    expect(exitCode).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ runs: [{ id: RUN, isOpen: true, origin: { kind: 'foreign' } }] })
    const shown = await run('runs', 'show', RUN)
    expect([shown.exitCode, shown.stderr]).toEqual([expect.any(Number), expect.stringContaining(RUN)])
    expect(shown.exitCode).not.toBe(0)
    rmSync(folder, { recursive: true })
  })
})

test('a link that leads out of the folder for state in the place of a run is listed as damaged', async () => {
  const { root, run } = aProject()
  mkdirSync(join(root, '.bagboy/runs'), { recursive: true })
  symlinkSync('/etc', join(root, '.bagboy/runs', RUN))

  const { exitCode, stdout } = await run('runs', 'list', '-o', 'json')

  expect([exitCode, stdout]).toEqual([0, expect.stringContaining('leads to /etc')])
})

test('a file that this user may not read is as good as damaged, a fault of the disk is not', () => {
  const disk = (code: string) => new BagboyError('DISK', 'cannot read', { details: { code } })

  expect(['EACCES', 'EPERM', 'ELOOP'].map((code) => isUnreadable(disk(code)))).toEqual([true, true, true])
  expect(['EIO', 'ENOSPC', 'EMFILE'].map((code) => isUnreadable(disk(code)))).toEqual([false, false, false])
  expect(isUnreadable(new Error('EACCES'))).toBe(false)
})
