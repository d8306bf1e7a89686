import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createLockStore } from '../../../src/lock/epoch-lock.ts'
import { openLockRemote, type LockRemoteOptions } from '../../../src/lock/lock-remote.ts'
import type { Clock, Host } from '../../../src/platform/platform.ts'
import { startGitHttp } from '../../../src/sandbox/servers/git-http.ts'
import { startFaultProxy, type FaultProxy } from '../../support/servers/fault-proxy.ts'
import { createGitTap, type GitTap } from '../../support/releases/git-tap.ts'
import { GIT_ENVIRONMENT } from '../../support/processes/run-client.ts'
import { steppedClock } from '../../support/clocks/stepped-clock.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { platformWith } from '../../support/test-platform.ts'
import { until } from '../../support/clocks/until.ts'

const RUN = '01JDXA7Q2M3N4P5R6S7T8V9WXY'
const REQUEST = { run: RUN, purpose: 'rollback to v1.2.0', who: 'alice' }
const PREFIX = 'refs/bagboy/lock'
const LOGIN = { user: 'ci-job', secret: 't0ken-of-the-job' }

function aHost(name: string, more: Partial<Host> = {}): Host {
  const alice = { user: 'alice', userId: 1000, pid: 41, bootId: 'boot', pidSpace: 'p' }
  return { name, ...alice, processStart: async () => '100', ...more }
}

function aRemote(): GitTap {
  const tap = createGitTap(join(temporaryFolder('lock-remote'), 'app.git'))
  tap.commit({ README: 'the project\n' })
  return tap
}

interface Machine {
  readonly host?: Host
  readonly clock?: Clock
  readonly place?: Partial<LockRemoteOptions>
}

/** A machine that shares nothing with others but the remote. */
function storeOn(remote: string, { host = aHost('build-1'), clock, place }: Machine = {}) {
  const platform = platformWith(GIT_ENVIRONMENT)
  const cacheFolder = temporaryFolder('lock-cache')
  return createLockStore({
    platform: { clock: clock ?? platform.clock, host },
    storage: openLockRemote({ platform, root: '/', cacheFolder, remote, refPrefix: PREFIX, ...place }),
    ttlMs: 900_000,
    heartbeatMs: 30_000,
  })
}

function refsOf({ git }: GitTap): readonly string[] {
  return git('for-each-ref', '--format=%(refname)', PREFIX)
    .split('\n')
    .filter((name) => name !== '')
}

async function failureOf(work: Promise<unknown>): Promise<unknown> {
  return await work.then(
    () => 'it went well',
    (error: unknown) => error,
  )
}

describe('a lock on a git remote', () => {
  it('is free, then held, then free again, with epochs that only grow', async () => {
    const remote = aRemote()
    const [here, there] = [storeOn(remote.folder), storeOn(remote.folder, { host: aHost('build-2') })]

    expect(await here.status()).toEqual({ state: 'free', epoch: 0 })
    const first = await here.acquire(REQUEST)
    expect(await there.status()).toMatchObject({ state: 'held', epoch: 1, holder: { run: RUN, host: 'build-1' } })
    await first.assertHeld()
    await first.release()
    await first.release()
    expect(await there.status()).toEqual({ state: 'free', epoch: 1 })
    const second = await there.acquire(REQUEST)

    expect([first.epoch, second.epoch]).toEqual([1, 2])
    expect(refsOf(remote)).toEqual([`${PREFIX}/1`, `${PREFIX}/1.rel`, `${PREFIX}/2`])
    await expect(first.assertHeld()).rejects.toMatchObject({ code: 'LOCK_LOST' })
    await second.release()
  })

  it('says on another machine who has it, and where its run can be watched', async () => {
    const { folder } = aRemote()
    const held = await storeOn(folder).acquire(REQUEST)

    const error = await failureOf(storeOn(folder, { host: aHost('build-2') }).acquire({ ...REQUEST, who: 'bob' }))

    expect(error).toMatchObject({
      code: 'LOCKED',
      message: expect.stringContaining(`locked by alice on build-1 (pid 41), run ${RUN}, rollback to v1.2.0`),
      hint: expect.stringContaining(`Watch it there, on build-1: bagboy-tui runs follow ${RUN}`),
    })
    await held.release()
  })

  it('of a process of this machine that is gone is simply taken, whatever folder it worked in', async () => {
    const { folder } = aRemote()
    await storeOn(folder).acquire(REQUEST)
    const after = storeOn(folder, { host: aHost('build-1', { pid: 42, processStart: async () => undefined }) })

    const lock = await after.acquire(REQUEST)

    expect(lock.epoch).toBe(2)
    expect(await lock.takeover()).toMatchObject({ from: { epoch: 1, who: 'alice' }, why: 'its process is gone' })
    await lock.release()
  })

  it('is held for as long as it beats, then silent, and then for a person to break', async () => {
    const { folder, git } = aRemote()
    const [theirs, ours] = [steppedClock(), steppedClock()]
    const held = await storeOn(folder, { clock: theirs }).acquire(REQUEST)
    const other = storeOn(folder, { host: aHost('build-2'), clock: ours })
    const seen: string[] = []

    for (const isBeating of [true, true, false, false]) {
      const before = git('rev-parse', `${PREFIX}/1`)
      if (isBeating) {
        await until('the heartbeat to wait', () => theirs.sleeperCount() === 1)
        await theirs.pass(30_000)
        await until('a beat', () => git('rev-parse', `${PREFIX}/1`) !== before)
      }
      await ours.pass(600_000)
      seen.push((await other.status()).state)
    }
    const refused = await failureOf(other.acquire(REQUEST))
    await other.break(1, { who: 'bob', reason: 'build-1 burned down' })
    const next = await other.acquire(REQUEST)

    expect(seen).toEqual(['held', 'held', 'held', 'silent'])
    expect(refused).toMatchObject({ code: 'LOCKED', message: expect.stringContaining('last beat 2026-11-23T10:01:00') })
    expect(await next.takeover()).toMatchObject({
      from: { host: 'build-1' },
      why: 'broken by bob: build-1 burned down',
    })
    await expect(held.assertHeld()).rejects.toMatchObject({ code: 'LOCK_LOST' })
    expect(held.loss()).toMatchObject({ code: 'LOCK_LOST' })
    await next.release()
    await held.release()
  })

  it('takes a ref that says nothing for a claim of somebody unknown', async () => {
    const remote = aRemote()
    remote.git('update-ref', `${PREFIX}/4`, remote.head())
    remote.git('update-ref', `${PREFIX}/not-an-epoch`, remote.head())

    const error = await failureOf(storeOn(remote.folder).acquire(REQUEST))

    expect(error).toMatchObject({ code: 'LOCKED', message: expect.stringContaining('locked by unknown on unknown') })
  })

  it('keeps the newest epochs on the remote and no more', async () => {
    const remote = aRemote()
    const store = storeOn(remote.folder)
    remote.git('update-ref', `${PREFIX}/7`, remote.head())
    remote.git('update-ref', `${PREFIX}/15`, remote.head())
    remote.git('update-ref', `${PREFIX}/29`, remote.head())
    remote.git('update-ref', `${PREFIX}/29.rel`, remote.head())

    const lock = await store.acquire(REQUEST)
    await lock.release()

    expect(lock.epoch).toBe(30)
    expect(refsOf(remote).toSorted()).toEqual(
      [`${PREFIX}/15`, `${PREFIX}/29`, `${PREFIX}/29.rel`, `${PREFIX}/30`, `${PREFIX}/30.rel`].toSorted(),
    )
  })
})

describe('the remote of a lock', () => {
  async function overHttp(): Promise<{ remote: GitTap; proxy: FaultProxy; url: string }> {
    const root = temporaryFolder('served')
    mkdirSync(join(root, 'acme'))
    const remote = createGitTap(join(root, 'acme/app.git'))
    remote.commit({ README: 'x' })
    const server = await startGitHttp({ root, auth: LOGIN })
    const proxy = await startFaultProxy({ upstream: server.url })
    onTestFinished(async () => {
      await proxy.close()
      await server.close()
    })
    const url = new URL(`${proxy.url}/acme/app.git`)
    url.username = LOGIN.user
    url.password = LOGIN.secret
    return { remote, proxy, url: url.href }
  }

  /** A checkout of the project whose origin is `url`, as a CI job has it. */
  function aCheckout(url: string): string {
    const folder = temporaryFolder('checkout')
    const git = (...args: readonly string[]) =>
      execFileSync('git', args, { cwd: folder, env: { ...process.env, ...GIT_ENVIRONMENT } })
    git('init', '--quiet')
    git('remote', 'add', 'origin', url)
    git('commit', '--quiet', '--allow-empty', '-m', 'x')
    return folder
  }

  function fingerprint(folder: string): string {
    const hash = createHash('sha256')
    const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
    for (const path of entries.map(({ parentPath, name }) => join(parentPath, name)).toSorted()) {
      hash.update(path).update(readFileSync(path))
    }
    return hash.digest('hex')
  }

  it('is the origin of the project without another word, and nothing is written into its repository', async () => {
    const { remote, url } = await overHttp()
    const root = aCheckout(url)
    const folder = join(root, 'packages')
    mkdirSync(folder)
    const before = fingerprint(join(root, '.git'))

    const lock = await storeOn('', { place: { root: folder } }).acquire(REQUEST)
    const seen = await storeOn('', { host: aHost('build-2'), place: { root } }).status()
    await lock.release()

    expect(seen).toMatchObject({ state: 'held', holder: { host: 'build-1' } })
    expect(refsOf(remote)).toEqual([`${PREFIX}/1`, `${PREFIX}/1.rel`])
    expect(fingerprint(join(root, '.git'))).toBe(before)
  })

  it('must be named where there is none', async () => {
    const root = temporaryFolder('no-checkout')

    const failure = await failureOf(storeOn('', { place: { root } }).status())

    expect(failure).toMatchObject({ code: 'CONFIG_INVALID', hint: expect.stringContaining('deployment.lock.remote') })
  })

  it('may lose an answer: whether the claim is there is found by looking', async () => {
    const { remote, proxy, url } = await overHttp()
    const store = storeOn('', { place: { root: aCheckout(url) } })
    proxy.inject({ kind: 'lost-answer', method: 'POST', path: /git-receive-pack/u, times: 1 })

    const lock = await store.acquire(REQUEST)

    expect(lock.epoch).toBe(1)
    await lock.assertHeld()
    expect(refsOf(remote)).toEqual([`${PREFIX}/1`])
    await lock.release()
  })

  it('that is away lets nothing be changed, and does not keep a run from ending', async () => {
    const { proxy, url } = await overHttp()
    const store = storeOn('', { place: { root: aCheckout(url) } })
    const lock = await store.acquire(REQUEST)

    await proxy.goDown()
    const [asserted, status] = [await failureOf(lock.assertHeld()), await failureOf(store.status())]
    await lock.release()

    expect([asserted, status]).toMatchObject([{ code: 'LOCK_UNREACHABLE' }, { code: 'LOCK_UNREACHABLE' }])
    expect(lock.loss()).toBeUndefined()
    expect(JSON.stringify([asserted, String(status)])).not.toContain(LOGIN.secret)
  })

  it('that is away for a moment is asked again', async () => {
    const { proxy, url } = await overHttp()
    const store = storeOn('', { place: { root: aCheckout(url) } })
    proxy.inject({ kind: 'status', status: 503, applied: false, times: 2 })

    const lock = await store.acquire(REQUEST)

    expect(lock.epoch).toBe(1)
    await lock.release()
  })

  it('that declines such refs is named with its reason', async () => {
    const remote = aRemote()
    remote.git('config', 'receive.hideRefs', 'refs/bagboy')

    const failure = await failureOf(storeOn(remote.folder).acquire(REQUEST))

    expect(failure).toMatchObject({
      code: 'LOCK_UNREACHABLE',
      message: expect.stringMatching(/app\.git cannot be used: it declined refs\/bagboy\/lock\/1: /u),
    })
  })
})
