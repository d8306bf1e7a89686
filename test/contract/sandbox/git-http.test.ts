import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startGitHttp } from '../../../src/sandbox/servers/git-http.ts'
import type { LoopbackServer } from '../../../src/sandbox/servers/loopback-server.ts'
import { clientOutput, GIT_ENVIRONMENT, runClient } from '../../support/processes/run-client.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const folder = temporaryFolder('git-http')
const bare = join(folder, 'acme/homebrew-tap.git')
const env = GIT_ENVIRONMENT
let server: LoopbackServer

beforeAll(async () => {
  mkdirSync(bare, { recursive: true })
  await clientOutput('git', ['init', '-q', '--bare', '-b', 'main', bare], { env })
  server = await startGitHttp({ root: folder, auth: { user: 'user', secret: 'secret' } })
})
afterAll(() => server.close())

function address(login: string): string {
  return `http://${login}${server.host}/acme/homebrew-tap.git`
}

async function commit(work: string, content: string): Promise<string> {
  writeFileSync(join(work, 'tool.rb'), content)
  await clientOutput('git', ['add', '.'], { cwd: work, env })
  await clientOutput('git', ['commit', '-qm', 'Change'], { cwd: work, env })
  return (await clientOutput('git', ['rev-parse', 'HEAD'], { cwd: work, env })).trim()
}

it('takes a push with its credentials and serves it to everybody', async () => {
  const work = join(folder, 'work')
  await clientOutput('git', ['clone', '-q', address('user:secret@'), work], { env })
  // Larger than git's buffer for one request, so that it comes in chunks.
  const pushed = await commit(work, `# ${'formula'.repeat(300_000)}\n`)

  await clientOutput('git', ['push', '-q', 'origin', 'HEAD:refs/heads/main'], { cwd: work, env })

  const listed = await clientOutput('git', ['ls-remote', address(''), 'refs/heads/main'], { env })
  expect(listed).toBe(`${pushed}\trefs/heads/main\n`)
})

it('refuses a push without credentials, and nothing moves', async () => {
  const work = join(folder, 'anonymous')
  await clientOutput('git', ['clone', '-q', address(''), work], { env })
  const before = await clientOutput('git', ['ls-remote', address('')], { env })
  await commit(work, 'other\n')

  const { exitCode, stderr } = await runClient('git', ['push', 'origin', 'HEAD:refs/heads/main'], { cwd: work, env })

  expect(exitCode).toBe(128)
  expect(stderr).toContain('could not read Username')
  expect(await clientOutput('git', ['ls-remote', address('')], { env })).toBe(before)
})

it('keeps one of two pushes made from the same commit, by the lease', async () => {
  const [first, second] = [join(folder, 'first'), join(folder, 'second')]
  for (const work of [first, second]) {
    await clientOutput('git', ['clone', '-q', address('user:secret@'), work], { env })
  }
  const start = (await clientOutput('git', ['rev-parse', 'HEAD'], { cwd: first, env })).trim()
  await commit(first, 'first\n')
  await commit(second, 'second\n')
  const push = ['push', '--porcelain', `--force-with-lease=refs/heads/main:${start}`, 'origin', 'HEAD:refs/heads/main']

  const won = await runClient('git', push, { cwd: first, env })
  const lost = await runClient('git', push, { cwd: second, env })

  expect(won.exitCode).toBe(0)
  expect(lost.exitCode).toBe(1)
  expect(lost.stdout).toContain('[rejected] (stale info)')
})

it('answers 404 for a repository that is not there', async () => {
  const { exitCode, stderr } = await runClient('git', ['ls-remote', `${server.url}/acme/nothing.git`], { env })

  expect(exitCode).toBe(128)
  expect(stderr).toContain('not found')
})
