import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createLockStore } from '../../../src/lock/epoch-lock.ts'
import { openLockFolder } from '../../../src/lock/lock-folder.ts'
import type { HeldLock } from '../../../src/lock/lock.ts'
import { createNodeFiles } from '../../../src/platform/node/files/files.ts'
import { createNodePlatform } from '../../../src/platform/node/create-platform.ts'
import type { Host, Platform } from '../../../src/platform/platform.ts'
import { aDeadHolder } from '../../support/engine/dead-holder.ts'
import { diskError, faultyFileSystem } from '../../support/faulty-file-system.ts'
import { steppedClock, type SteppedClock } from '../../support/clocks/stepped-clock.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { until } from '../../support/clocks/until.ts'

const RUN = '01JDXA7Q2M3N4P5R6S7T8V9WXY'
const YEAR_MS = 365 * 86_400_000
const REQUEST = { run: RUN, purpose: 'rollback to v1.2.0', who: 'alice' }
const real = createNodePlatform()

function aHost(more: Partial<Host> = {}): Host {
  return {
    name: 'build-1',
    user: 'alice',
    userId: 1000,
    pid: 41,
    bootId: 'boot-1',
    pidSpace: 'pid:[1]',
    processStart: async (pid) => (pid === 41 || pid === 42 ? '100' : undefined),
    ...more,
  }
}

/** Two or more stores on one folder, each with a host and a clock of its own. */
function aFolder() {
  const folder = join(temporaryFolder('lock'), 'locks')
  const storeOn = (host: Host, clock = steppedClock(), files: Platform['files'] = real.files) =>
    createLockStore({
      platform: { clock, host },
      storage: openLockFolder(files, folder),
      ttlMs: 900_000,
      heartbeatMs: 30_000,
    })
  return { folder, storeOn }
}

/** Lets the heartbeat's interval pass, once it waits for it. */
async function passInterval(clock: SteppedClock): Promise<void> {
  await until('the heartbeat to wait', () => clock.sleeperCount() === 1)
  await clock.pass(30_000)
}

async function failureOf(work: Promise<unknown>): Promise<unknown> {
  return await work.then(
    () => 'it went well',
    (error: unknown) => error,
  )
}

describe('the epoch lock', () => {
  it('is free, then held, then free again, with epochs that only grow', async () => {
    const { storeOn } = aFolder()
    const store = storeOn(aHost())

    expect(await store.status()).toEqual({ state: 'free', epoch: 0 })
    const first = await store.acquire(REQUEST)
    expect(await store.status()).toMatchObject({ state: 'held', epoch: 1, holder: { run: RUN, pid: 41 } })
    await first.release()
    expect(await store.status()).toEqual({ state: 'free', epoch: 1 })
    const second = await store.acquire(REQUEST)

    expect([first.epoch, second.epoch]).toEqual([1, 2])
    await second.release()
  })

  it('tells a second operator everything about the first', async () => {
    const { storeOn } = aFolder()
    const clock = steppedClock()
    const held = await storeOn(aHost(), clock).acquire({ ...REQUEST, who: 'ali\u001b[31mce' })
    await passInterval(clock)
    await until('the first beat', async () => {
      const state = await storeOn(aHost()).status()
      return state.state === 'held' && state.holder.lastBeat !== state.holder.since
    })

    const error = await failureOf(storeOn(aHost({ pid: 42 })).acquire({ ...REQUEST, who: 'bob' }))

    expect(error).toMatchObject({
      code: 'LOCKED',
      message:
        `locked by ali^[[31mce on build-1 (pid 41), run ${RUN}, rollback to v1.2.0, ` +
        'since 2026-11-23T10:00:00.000Z, last beat 2026-11-23T10:00:30.000Z',
      hint: expect.stringContaining('bagboy-tui lock release 1'),
    })
    await held.release()
  })

  it.each([
    ['the process is gone', aHost({ pid: 42, processStart: async () => undefined }), 'dead'],
    ['its id has been given to another process', aHost({ pid: 42, processStart: async () => '101' }), 'dead'],
    ['the machine was started again', aHost({ bootId: 'boot-2' }), 'dead'],
    ['the process lives', aHost({ pid: 42 }), 'held'],
    ['the process lives and its start cannot be seen', aHost({ processStart: async () => '' }), 'held'],
    ['it is in another container', aHost({ pidSpace: 'pid:[2]', processStart: async () => undefined }), 'held'],
    ['it is on another machine', aHost({ name: 'build-2', processStart: async () => undefined }), 'held'],
  ] as const)('judges a holder when %s', async (_title, judge, verdict) => {
    const { storeOn } = aFolder()
    const held = await storeOn(aHost()).acquire(REQUEST)
    const store = storeOn(judge)

    const { state } = await store.status()
    const taken = await store.acquire(REQUEST).catch((error: unknown) => error)

    expect(state).toBe(verdict)
    expect(taken).toMatchObject(verdict === 'dead' ? { epoch: 2 } : { code: 'LOCKED' })
    if (verdict === 'dead') await expect(held.assertHeld()).rejects.toMatchObject({ code: 'LOCK_LOST' })
    else await held.assertHeld()
  })

  it('shows a holder elsewhere as silent after its ttl, and leaves it to a person', async () => {
    const { folder, storeOn } = aFolder()
    const theirs = steppedClock()
    const beat = join(folder, '0000000001.beat')
    const held = await storeOn(aHost(), theirs).acquire(REQUEST)
    const ours = steppedClock()
    const store = storeOn(aHost({ name: 'build-2' }), ours)
    const seen: string[] = []

    for (const isBeating of [true, true, true, false, false]) {
      if (isBeating) {
        await passInterval(theirs)
        await until('a beat', () => existsSync(beat) && readFileSync(beat, 'utf8').trim() === theirs.now())
      }
      await ours.pass(600_000)
      seen.push((await store.status()).state)
    }

    expect(seen).toEqual(['held', 'held', 'held', 'held', 'silent'])
    await expect(store.acquire(REQUEST)).rejects.toMatchObject({ code: 'LOCKED' })
    await held.assertHeld()
    await held.release()
  })

  it('counts silence by its own monotonic clock, whatever the clocks on the walls say', async () => {
    const { storeOn } = aFolder()
    const held = await storeOn(aHost(), steppedClock('1999-01-01T00:00:00.000Z')).acquire(REQUEST)
    const clock = steppedClock('2031-01-01T00:00:00.000Z')
    const store = storeOn(aHost({ name: 'build-2' }), clock)
    const seen: string[] = []

    for (const [jumpMs, passMs] of [
      [0, 0],
      [YEAR_MS, 1000],
      [-YEAR_MS, 1000],
      [-YEAR_MS, 900_000],
    ] as const) {
      clock.jump(jumpMs)
      await clock.pass(passMs)
      seen.push((await store.status()).state)
    }

    expect(seen).toEqual(['held', 'held', 'held', 'silent'])
    await held.release()
  })

  it('is lost to whoever breaks it, and free then', async () => {
    const { storeOn } = aFolder()
    const held = await storeOn(aHost()).acquire(REQUEST)
    const store = storeOn(aHost({ name: 'build-2' }))

    await store.break(1, { who: 'bob', reason: 'build-1 burned down' })

    expect(await store.status()).toEqual({ state: 'free', epoch: 2 })
    await expect(held.assertHeld()).rejects.toMatchObject({
      code: 'LOCK_LOST',
      message: expect.stringContaining(
        'bob on build-2 (pid 41), run 01JDXA7Q2M3N4P5R6S7T8V9WXY, broke lock 1: build-1',
      ),
    })
    await held.release()
    expect((await store.acquire(REQUEST)).epoch).toBe(3)
  })

  it('breaks only the lock that was meant', async () => {
    const { storeOn } = aFolder()
    const store = storeOn(aHost())
    await (await store.acquire(REQUEST)).release()
    const free = await failureOf(store.break(1, { who: 'bob', reason: 'r' }))

    const held = await store.acquire(REQUEST)
    const older = await failureOf(store.break(1, { who: 'bob', reason: 'r' }))

    expect([free, older]).toMatchObject([
      { code: 'USAGE' },
      { code: 'LOCKED', hint: expect.stringContaining('release 2') },
    ])
    await held.assertHeld()
    await held.release()
  })

  it('lets one of two that break it at once win, and says who to the other', async () => {
    const { folder, storeOn } = aFolder()
    await storeOn(aHost()).acquire(REQUEST)

    const results = await Promise.allSettled(
      Array.from({ length: 8 }, (_, index) =>
        storeOn(aHost({ pid: 50 + index })).break(1, { who: 'bob', reason: 'r' }),
      ),
    )

    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(readdirSync(folder).filter((name) => name.endsWith('.json'))).toHaveLength(2)
  })

  it('is not held after its release, nor when its folder is gone', async () => {
    const { folder, storeOn } = aFolder()
    const [first, second] = [storeOn(aHost()), storeOn(aHost())]
    const released = await first.acquire(REQUEST)
    await released.release()
    await released.release()
    const held = await second.acquire(REQUEST)
    await real.files.remove(folder)

    for (const lock of [released, held]) await expect(lock.assertHeld()).rejects.toMatchObject({ code: 'LOCK_LOST' })
  })

  it('takes a claim that cannot be read for one that is held', async () => {
    const { folder, storeOn } = aFolder()
    mkdirSync(folder)
    for (const [index, text] of ['', '{', 'null', '[]', '{"pid":"x"}'].entries()) {
      const name = `${String(index + 1).padStart(10, '0')}.json`
      writeFileSync(join(folder, name), text)

      await expect(storeOn(aHost()).acquire(REQUEST)).rejects.toMatchObject({
        code: 'LOCKED',
        message: expect.stringContaining('unknown'),
      })
    }
  })

  it('passes over what is no lock in its folder', async () => {
    const { folder, storeOn } = aFolder()
    mkdirSync(folder)
    for (const name of ['9.json', '0000000009.json~', '.0000000008.json.ab.tmp', 'README']) {
      writeFileSync(join(folder, name), '{}')
    }

    expect((await storeOn(aHost()).acquire(REQUEST)).epoch).toBe(1)
  })

  it('stands down when it wakes up with an epoch that others have left behind', async () => {
    const { folder, storeOn } = aFolder()
    aDeadHolder(folder, 4)
    const { system } = faultyFileSystem({
      after: async (call, path) => {
        // The others: they took epoch 5, were done, tidied up, and are at 9 when our link is made.
        if (call === 'link' && path.includes('0000000005.json')) aDeadHolder(folder, 9)
      },
    })
    const host = { ...aHost(), name: hostname(), bootId: real.host.bootId, pidSpace: real.host.pidSpace ?? '' }

    const lock = await storeOn(host, steppedClock(), createNodeFiles(system)).acquire(REQUEST)

    expect(lock.epoch).toBe(10)
  })
})

describe('the heartbeat', () => {
  it('beats while the lock is held and not after', async () => {
    const { folder, storeOn } = aFolder()
    const clock = steppedClock()
    const lock = await storeOn(aHost(), clock).acquire(REQUEST)
    const beat = join(folder, '0000000001.beat')

    await passInterval(clock)
    await until('the first beat', () => existsSync(beat))
    const first = readFileSync(beat, 'utf8')
    await passInterval(clock)
    await until('the second beat', () => readFileSync(beat, 'utf8') !== first)
    await lock.release()
    const [last, sleeperCount] = [readFileSync(beat, 'utf8'), clock.sleeperCount()]
    await clock.pass(300_000)

    expect([first, last]).toEqual(['2026-11-23T10:00:30.000Z\n', '2026-11-23T10:01:00.000Z\n'])
    expect(readFileSync(beat, 'utf8')).toBe(last)
    expect(sleeperCount).toBe(0)
  })

  it('survives a full disk, beats again when there is room, and is named when the lock is lost', async () => {
    const { folder, storeOn } = aFolder()
    const [clock, disk] = [steppedClock(), { isFull: false, refused: 0 }]
    const { system } = faultyFileSystem({
      before: async (call, path) => {
        if (!disk.isFull || call !== 'open' || !path.includes('.beat')) return
        disk.refused += 1
        throw diskError('ENOSPC', call)
      },
    })
    const lock: HeldLock = await storeOn(aHost(), clock, createNodeFiles(system)).acquire(REQUEST)

    disk.isFull = true
    await passInterval(clock)
    await until('the first refusal', () => disk.refused === 1)
    await lock.assertHeld()
    disk.isFull = false
    await passInterval(clock)
    await until('a beat', () => existsSync(join(folder, '0000000001.beat')))
    disk.isFull = true
    await passInterval(clock)
    await until('the second refusal', () => disk.refused === 2)
    await storeOn(aHost({ name: 'build-2' })).break(1, { who: 'bob', reason: 'silent' })

    await expect(lock.assertHeld()).rejects.toMatchObject({ code: 'LOCK_LOST', cause: { code: 'DISK' } })
    disk.isFull = false
    await lock.release()
  })
})
