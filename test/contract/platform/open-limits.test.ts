import { execFileSync } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openLimits } from '../../../src/platform/node/files/open-limits.ts'
import { runClient } from '../../support/processes/run-client.ts'

const PROGRAM = fileURLToPath(new URL('../../support/processes/open-many.ts', import.meta.url))
const OWN_IDS = ['unshare', '--fork', '--pid', '--mount-proc'] as const

/** Why no program can be PID 1 here; `undefined` when one can. */
function missingOwnIds(): string | undefined {
  try {
    const [file, ...args] = OWN_IDS
    execFileSync(file, [...args, 'true'], { stdio: 'ignore' })
    return undefined
  } catch {
    return 'not permitted: unshare --pid'
  }
}

test.each([
  [16, { programs: 3, sockets: 4, keepsConnections: false }],
  [64, { programs: 3, sockets: 7, keepsConnections: false }],
  [256, { programs: 26, sockets: 130, keepsConnections: false }],
  [1024, { programs: 64, sockets: 512, keepsConnections: true }],
  [Infinity, { programs: 64, sockets: 512, keepsConnections: true }],
])('a process that may open %d files has so much open at once', (limit, expected) => {
  expect(openLimits(limit)).toEqual(expected)
})

describe.skipIf(process.platform !== 'linux')('with 64 files', { timeout: 120_000 }, () => {
  const server = createServer((_, response) => void setTimeout(() => response.end('here'), 20))
  let url = ''
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  })
  afterAll(() => {
    server.closeAllConnections()
    server.close()
  })
  const openMany = async (...before: readonly string[]) => {
    const words = [...before, process.execPath, PROGRAM, url]
    const { stdout, stderr, exitCode } = await runClient('sh', ['-c', 'ulimit -n 64; exec "$@"', 'sh', ...words])
    if (exitCode !== 0) throw new Error(stderr)
    return JSON.parse(stdout) as unknown
  }

  test('hundreds of requests, connections, files and programs with helpers all come to their end', async () => {
    expect(await openMany()).toMatchObject({ count: 315, failures: [], zombies: [] })
  })

  const missing = missingOwnIds()
  test.skipIf(missing)(`the same as PID 1, and none of the programs is left ${missing ?? ''}`, async () => {
    expect(await openMany(...OWN_IDS)).toEqual({ pid: 1, count: 315, failures: [], zombies: [] })
  })
})
