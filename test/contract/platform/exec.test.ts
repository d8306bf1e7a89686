import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createNodeExec } from '../../../src/platform/node/programs/exec.ts'
import type { ExecRequest, ExecResult } from '../../../src/platform/platform.ts'
import { isAlive as isRunning } from '../../support/processes/is-alive.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { until } from '../../support/clocks/until.ts'

const NEVER = new AbortController().signal
const PATH = String(process.env['PATH'])
const exec = createNodeExec({ PATH })

function sh(script: string, more: Partial<ExecRequest> = {}): ExecRequest {
  return { file: 'sh', args: ['-c', script], timeoutMs: 10_000, ...more }
}

function textOf({ stdout }: ExecResult): string {
  return Buffer.from(stdout).toString()
}

async function failureOf(work: Promise<unknown>): Promise<{ error: unknown; afterMs: number }> {
  const start = performance.now()
  const error: unknown = await work.then(
    (answer) => `it went well: ${JSON.stringify(answer)}`,
    (thrown: unknown) => thrown,
  )
  return { error, afterMs: performance.now() - start }
}

/** A shell creates the file before it writes to it. */
function hasText(path: string): boolean {
  return existsSync(path) && readFileSync(path, 'utf8') !== ''
}

function isAlive(pidFile: string): boolean {
  const pid = Number(readFileSync(pidFile, 'utf8'))
  expect(pid).toBeGreaterThan(1)
  return isRunning(pid)
}

describe('exec', () => {
  it('gives back the exit code and both streams', async () => {
    const result = await exec(sh('echo out; echo err >&2; exit 3'), NEVER)

    expect(result.exitCode).toBe(3)
    expect(textOf(result)).toBe('out\n')
    expect(result.stderr).toBe('err\n')
  })

  it('counts a signal from 128 on', async () => {
    const result = await exec(sh('kill -KILL $$'), NEVER)

    expect(result.exitCode).toBe(137)
  })

  it('gives a program its input, or none', async () => {
    const input = Buffer.alloc(300_000, 'x')

    const [fed, unfed] = await Promise.all([exec(sh('wc -c', { stdin: input }), NEVER), exec(sh('wc -c'), NEVER)])

    expect([textOf(fed).trim(), textOf(unfed).trim()]).toEqual(['300000', '0'])
  })

  it('does not mind a program that ignores its input', async () => {
    const result = await exec(sh('exit 0', { stdin: Buffer.alloc(1_000_000) }), NEVER)

    expect(result.exitCode).toBe(0)
  })

  it('passes hostile arguments on as data', async () => {
    const folder = temporaryFolder('exec')
    const args = [
      '--upload-pack=touch pwned',
      '$(touch pwned)',
      '; touch pwned',
      '`touch pwned`',
      '*',
      '',
      '"\'\\',
      '\n',
    ]

    const printed = await exec({ file: 'printf', args: ['%s\\0', ...args], cwd: folder, timeoutMs: 5000 }, NEVER)
    const git = await exec(
      { file: 'git', args: ['ls-remote', '--', '--upload-pack=touch pwned'], cwd: folder, timeoutMs: 5000 },
      NEVER,
    )

    expect(textOf(printed).split('\0').slice(0, -1)).toEqual(args)
    expect(git.exitCode).not.toBe(0)
    expect(existsSync(join(folder, 'pwned'))).toBe(false)
  })

  it('hands on what is on the list of the environment and what the request adds, and nothing else', async () => {
    const env = {
      PATH,
      HOME: '/home/o',
      LC_ALL: 'C',
      XDG_CACHE_HOME: '/c',
      SSH_AUTH_SOCK: '/s',
      HTTPS_PROXY: 'p',
      no_proxy: 'n',
      NPM_TOKEN: 'secret',
      GITHUB_TOKEN: 'secret',
      NODE_OPTIONS: '--inspect',
      LD_PRELOAD: '',
    }

    const result = await createNodeExec(env)({ file: 'env', args: [], env: { ADDED: 'yes' }, timeoutMs: 5000 }, NEVER)

    const names = textOf(result)
      .trim()
      .split('\n')
      .map((line) => line.split('=')[0])
    const expected = ['PATH', 'HOME', 'LC_ALL', 'XDG_CACHE_HOME', 'SSH_AUTH_SOCK', 'HTTPS_PROXY', 'no_proxy', 'ADDED']
    expect(new Set(names)).toEqual(new Set([...expected, 'BAGBOY_EXEC']))
  })

  it.each([
    ['does not exist', { file: 'bagboy-no-such-program', args: ['secret'] }],
    ['stands in a folder that does not exist', { file: 'true', args: ['secret'], cwd: '/no/such/folder' }],
    ['is no program', { file: '/etc/passwd', args: ['secret'] }],
    ['has an argument that no program can get', { file: 'true', args: ['secret\0'] }],
  ])('says that a program could not be started which %s, without its arguments', async (_title, request) => {
    const { error } = await failureOf(exec({ timeoutMs: 5000, ...request }, NEVER))

    expect(error).toMatchObject({ code: 'REGISTRY_UNREACHABLE', hint: expect.stringContaining(request.file) })
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('secret')
  })

  it('says nothing of the arguments when time is up', async () => {
    const { error } = await failureOf(exec({ file: 'sleep', args: ['9.5'], timeoutMs: 100 }, NEVER))

    expect(error).toMatchObject({ code: 'REGISTRY_TIMEOUT', message: expect.stringContaining('within 100 ms') })
    expect(String(error)).not.toContain('9.5')
  })

  it.each([0, 3])(
    'leaves what a program started that may leave it, whatever the program ends with: %s',
    async (code) => {
      const folder = temporaryFolder('exec')
      const [pidFile, go, done] = ['pid', 'go', 'done'].map((name) => join(folder, name))
      const background = `(until [ -e ${go} ]; do sleep 0.05; done; echo printed later; touch ${done}) & echo $! > ${pidFile}`

      const result = await exec(
        sh(`${background}; echo started; echo problem >&2; exit ${code}`, { leavesRunning: true }),
        NEVER,
      )
      expect([result.exitCode, textOf(result), result.stderr]).toEqual([code, 'started\n', 'problem\n'])
      expect(isAlive(pidFile ?? '')).toBe(true)
      writeFileSync(go ?? '', '')

      // What nobody reads any more may still be printed.
      await until('it prints', () => existsSync(done ?? ''))
    },
  )

  it('ends what a program started that may leave it, when its time is up or it prints too much', async () => {
    const folder = temporaryFolder('exec')
    for (const [name, work] of [
      ['late', 'sleep 60'],
      ['loud', 'yes'],
    ]) {
      const pidFile = join(folder, String(name))
      const request = sh(`setsid sleep 60 & echo $! > ${pidFile}; ${work}`, { leavesRunning: true, timeoutMs: 1500 })

      const { error } = await failureOf(exec(request, NEVER))

      expect(error).toMatchObject({ code: name === 'late' ? 'REGISTRY_TIMEOUT' : 'REGISTRY_BROKEN' })
      await until('it ends', () => !isAlive(pidFile))
    }
  })

  it('gives all that a program printed that may leave something running', async () => {
    const { stdout } = await exec(sh('yes x | head -c 1500000; echo; echo end', { leavesRunning: true }), NEVER)

    expect(stdout.length).toBe(1_500_005)
    expect(Buffer.from(stdout.subarray(-4)).toString()).toBe('end\n')
  })

  it('stops endless output at its limit', async () => {
    const { error } = await failureOf(exec({ file: 'yes', args: [], timeoutMs: 20_000 }, NEVER))

    expect(error).toMatchObject({ code: 'REGISTRY_BROKEN' })
  })

  it.each([
    ['sleeps', 'echo $$ > pid; exec sleep 60'],
    ['ignores SIGTERM', 'trap "" TERM HUP INT; echo $$ > pid; while :; do sleep 1; done'],
    ['prints and ignores SIGTERM', 'trap "" TERM PIPE; echo $$ > pid; while :; do echo; sleep 0.01; done'],
    ['has a child', 'sh -c "echo \\$\\$ > pid; exec sleep 60"; true'],
    ['has a child that ignores SIGTERM', 'sh -c "trap \'\' TERM; echo \\$\\$ > pid; while :; do sleep 1; done"; true'],
    ['has a child in a session of its own', 'setsid sh -c "echo \\$\\$ > pid; exec sleep 60" & sleep 60'],
    ['left a grandchild to init', '(setsid sh -c "echo \\$\\$ > pid; exec sleep 60" &) ; exec sleep 60'],
  ])('ends a program that %s at its deadline', async (_title, script) => {
    const folder = temporaryFolder('exec')

    const { error, afterMs } = await failureOf(exec(sh(script, { cwd: folder, timeoutMs: 400 }), NEVER))

    expect(error).toMatchObject({ code: 'REGISTRY_TIMEOUT' })
    // Long before the program ends by itself.
    expect(afterMs).toBeLessThan(30_000)
    await until('the end of the process', () => !isAlive(join(folder, 'pid')))
  })

  it.each([
    ['in the group of the program', 'sleep 60 & echo $! > pid; echo done', false],
    ['in a session of its own', 'setsid sleep 61 & echo $! > pid; echo done', true],
  ])('does not wait for what holds the output open %s', async (_title, script, mayLive) => {
    const folder = temporaryFolder('exec')
    const start = performance.now()

    const result = await exec(sh(script, { cwd: folder }), NEVER)

    expect([result.exitCode, textOf(result)]).toEqual([0, 'done\n'])
    expect(performance.now() - start).toBeLessThan(30_000)
    // A daemon that left on purpose (gpg-agent, a shared ssh connection) is not ours to end.
    if (mayLive) process.kill(Number(readFileSync(join(folder, 'pid'), 'utf8')), 'SIGKILL')
    await until('the end of the process', () => !isAlive(join(folder, 'pid')))
  })

  it("ends everything and rejects with the caller's own reason when the caller aborts", async () => {
    const folder = temporaryFolder('exec')
    const [abort, reason] = [new AbortController(), new Error('the operator left')]

    const failing = failureOf(exec(sh('echo $$ > pid; sleep 60', { cwd: folder }), abort.signal))
    await until('the start of the process', () => hasText(join(folder, 'pid')))
    abort.abort(reason)

    expect((await failing).error).toBe(reason)
    expect(isAlive(join(folder, 'pid'))).toBe(false)
    expect((await failureOf(exec(sh('touch started', { cwd: folder }), abort.signal))).error).toBe(reason)
    expect(existsSync(join(folder, 'started'))).toBe(false)
  })

  it('leaves a program the time to tidy up', async () => {
    const folder = temporaryFolder('exec')
    writeFileSync(join(folder, 'lock'), '')

    await failureOf(
      exec(sh('trap "rm lock; exit" TERM; while :; do sleep 0.05; done', { cwd: folder, timeoutMs: 300 }), NEVER),
    )

    expect(existsSync(join(folder, 'lock'))).toBe(false)
  })
})
