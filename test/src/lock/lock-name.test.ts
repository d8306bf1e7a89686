import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createLockStore } from '../../../src/lock/epoch-lock.ts'
import { openLockFolder } from '../../../src/lock/lock-folder.ts'
import { lockName } from '../../../src/lock/lock-name.ts'
import { succeedLock } from '../../../src/lock/succeed-lock.ts'
import { createNodePlatform } from '../../../src/platform/node/create-platform.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

describe('the name of a lock', () => {
  test.each([
    ['myapp', 'production', 'myapp/production'],
    ['@acme/web', 'eu-west.1', '%40acme%2Fweb/eu-west%2E1'],
    ['..', '', '%2E%2E/%'],
    ['größe', 'prod', 'gr%C3%B6%C3%9Fe/prod'],
  ])('of %s in %s is %s', (app, environment, name) => {
    expect(lockName({ app, environment })).toBe(name)
  })

  test('tells long names apart that begin alike', () => {
    const [one, other] = ['a', 'b'].map((end) => lockName({ app: 'x'.repeat(300) + end, environment: 'production' }))

    expect(one).not.toBe(other)
    expect(one?.length).toBeLessThan(150)
  })
})

const platform = createNodePlatform()
const REQUEST = { run: '', purpose: 'rollback', who: 'alice' }

function openLock(folder: string, environment: string) {
  const subject = { app: 'myapp', environment }
  const open = (path: string) => openLockFolder(platform.files, path)
  const storage = succeedLock(open(join(folder, lockName(subject))), open(folder))
  return createLockStore({ platform, storage, subject, ttlMs: 60_000, heartbeatMs: 10_000 })
}

describe('a lock of one environment', () => {
  test('keeps nobody out of another, and its refusal names both', async () => {
    const folder = temporaryFolder('lock-of-environment')
    const held = await openLock(folder, 'staging').acquire(REQUEST)

    const other = await openLock(folder, 'production').acquire(REQUEST)
    const refused = openLock(folder, 'staging').acquire(REQUEST)

    await expect(refused).rejects.toMatchObject({
      code: 'LOCKED',
      message: expect.stringMatching(/^myapp in staging is locked by alice on /u),
    })
    await Promise.all([held.release(), other.release()])
  })

  test('waits for the one lock that an earlier version holds for all of them, and counts on from it', async () => {
    const folder = temporaryFolder('lock-of-earlier-version')
    const storage = openLockFolder(platform.files, folder)
    const earlier = createLockStore({ platform, storage, ttlMs: 60_000, heartbeatMs: 10_000 })
    await (await earlier.acquire(REQUEST)).release()
    const held = await earlier.acquire({ ...REQUEST, who: 'bob' })

    await expect(openLock(folder, 'staging').acquire(REQUEST)).rejects.toMatchObject({
      message: expect.stringMatching(/ is locked by bob on /u),
    })
    await held.release()
    const own = await openLock(folder, 'staging').acquire(REQUEST)

    expect([held.epoch, own.epoch]).toEqual([2, 3])
    expect(await openLock(folder, 'staging').status()).toMatchObject({ state: 'held', epoch: 3 })
    await own.release()
    expect(await openLock(folder, 'production').status()).toMatchObject({ state: 'free', epoch: 2 })
  })
})
