import { execFileSync } from 'node:child_process'
import { appendFileSync, mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { findConfig, loadConfig } from '../../../../src/config/load-config.ts'
import { toErrorReport } from '../../../../src/errors/bagboy-error.ts'
import { openLockFolder } from '../../../../src/lock/lock-folder.ts'
import { fillSecrets } from '../../../../src/platform/fill-secrets.ts'
import { createNodeFiles } from '../../../../src/platform/node/files/files.ts'
import { findDockerLogin } from '../../../../src/registries/oci/login/docker-login.ts'
import { readNpmConfig } from '../../../../src/registries/npmrc/npm-config.ts'
import { readPlanFile } from '../../../../src/cli/requests/plan-file.ts'
import { historyProject } from '../../../support/projects/history-project.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'
import { platformWith } from '../../../support/test-platform.ts'

const files = createNodeFiles()
const TERABYTE = 2 ** 40

/** What may stand in the place of a file. Reading most of them would wait, or go on, for ever. */
const ODD: readonly (readonly [string, (path: string) => void | Promise<void>])[] = [
  ['a pipe', (path) => void execFileSync('mkfifo', [path])],
  ['a link to a pipe', (path) => (execFileSync('mkfifo', [`${path}.pipe`]), symlinkSync(`${path}.pipe`, path))],
  ['a folder', (path) => mkdirSync(path)],
  ['an endless device', (path) => symlinkSync('/dev/zero', path)],
  ['an empty device', (path) => symlinkSync('/dev/null', path)],
  ['a socket', listenAt],
  ['a sparse file', (path) => (writeFileSync(path, ''), truncateSync(path, TERABYTE))],
]

async function listenAt(path: string): Promise<void> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(path, resolve))
  onTestFinished(() => void server.close())
}

async function reportOf(work: Promise<unknown>) {
  return work.then(
    () => undefined,
    (error: unknown) => toErrorReport(error),
  )
}

describe.each(ODD)('%s in the place of a file', (what, make) => {
  async function odd(name: string): Promise<{ readonly folder: string; readonly path: string }> {
    const folder = temporaryFolder('odd')
    await make(join(folder, name))
    return { folder, path: join(folder, name) }
  }

  test('is refused by name, with a remedy, and is not read', async () => {
    const { path } = await odd('file')

    const report = await reportOf(files.read(path))

    expect(report).toMatchObject({ code: 'FILE_REFUSED', details: { path } })
    expect(report?.message).toContain(path)
    expect(report?.hint).toMatch(/ls -l/u)
  })

  test.runIf(what !== 'a sparse file')('is refused by those that read its beginning or write to it', async () => {
    const { path } = await odd('file')

    const reports = await Promise.all([
      reportOf(files.readStart(path, 10)),
      reportOf(files.openAppend(path)),
      reportOf(files.truncate(path, 0)),
    ])

    expect(reports.map((report) => report?.code)).toEqual([
      'FILE_REFUSED',
      expect.stringMatching(/FILE_REFUSED|DISK/u),
      expect.stringMatching(/FILE_REFUSED|DISK/u),
    ])
  })

  test('ends every reader of a file that a stranger may have made', async () => {
    const signal = new AbortController().signal
    const reads = [
      async () => {
        const { folder, path } = await odd('bagboy.yaml')
        mkdirSync(join(folder, 'below'))
        expect(await findConfig(files, join(folder, 'below'))).toBe(path)
        await loadConfig({ files, file: path, env: {} })
      },
      async () => {
        const { folder } = await odd('plan.json')
        await readPlanFile(platformWith({}), folder, 'plan.json')
      },
      async () => {
        const { folder } = await odd('.npmrc')
        await readNpmConfig({ platform: platformWith({ HOME: '/nowhere' }), root: folder, signal, timeoutMs: 1000 })
      },
      async () => {
        const { folder } = await odd('config.json')
        const platform = platformWith({ DOCKER_CONFIG: folder })
        await findDockerLogin({ loginKeys: ['r'], repository: 'app' }, { platform, signal, timeoutMs: 1000 })
      },
      async () => {
        const { path } = await odd('secret')
        await fillSecrets(`\${file:${path}}`, platformWith({}))
      },
    ]

    const codes = await Promise.all(reads.map(async (read) => (await reportOf(read()))?.code))

    expect(codes).toEqual(['FILE_REFUSED', 'PLAN_INVALID', 'FILE_REFUSED', 'FILE_REFUSED', 'FILE_REFUSED'])
  })

  test('is a lock that an unknown holder has', async () => {
    const { folder } = await odd('0000000001.json')

    const { record } = await (await openLockFolder(files, folder).observe()).readLease()

    expect(record).toMatchObject({ epoch: 1, who: 'unknown', pid: 0 })
  })

  test('ends reading the history', async () => {
    const project = historyProject('')
    execFileSync('rm', ['-f', project.file])
    await make(project.file)

    const report = await reportOf(project.open().read())
    expect(report?.code).toMatch(/^(?:FILE_REFUSED|HISTORY_INVALID)$/u)
    if (what === 'a pipe' || what === 'a socket') {
      expect(report?.message).toContain('is a pipe, a socket or a device, not a file')
    }
  })
})

test('a link to a file is read, and a file that says it is empty is read to its end', async () => {
  const folder = temporaryFolder('odd')
  writeFileSync(join(folder, 'real'), 'text')
  symlinkSync('real', join(folder, 'link'))

  expect(Buffer.from((await files.read(join(folder, 'link'))) ?? []).toString()).toBe('text')
  expect((await files.read('/proc/self/status'))?.length).toBeGreaterThan(100)
  expect(await files.read(join(folder, 'none'))).toBeUndefined()
})

test('a file is read up to the limit of its reader and refused beyond it', async () => {
  const path = join(temporaryFolder('odd'), 'file')
  writeFileSync(path, 'x'.repeat(100_000))

  expect((await files.read(path, 100_000))?.length).toBe(100_000)
  appendFileSync(path, 'x')
  expect((await reportOf(files.read(path, 100_000)))?.message).toContain('longer than the 100000 bytes')
})
