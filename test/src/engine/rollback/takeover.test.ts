import { expect, test } from 'vitest'
import { BagboyError } from '../../../../src/errors/bagboy-error.ts'
import type { Stamped } from '../../../../src/events/events.ts'
import type { Journal } from '../../../../src/journal/journal.ts'
import { createNodePlatform } from '../../../../src/platform/node/create-platform.ts'
import type { Files } from '../../../../src/platform/platform.ts'
import { aRequest, collect, createEngineFixture, defaultApprover } from '../../../support/engine/engine-fixture.ts'

/** Lets the first journal stop in the middle of one append, as a process that is suspended does. */
function aSleepyJournal(isWhere: (event: Stamped) => boolean) {
  const [asleep, awake] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()]
  let hasSlept = false
  const wrapJournal = (journal: Journal): Journal => ({
    ...journal,
    async append(event) {
      if (!hasSlept && isWhere(event)) {
        hasSlept = true
        asleep.resolve(undefined)
        await awake.promise
      }
      await journal.append(event)
    },
  })
  return { wrapJournal, asleep: asleep.promise, wake: () => awake.resolve(undefined) }
}

/** Files of a process that is suspended right before its first commit to the history, when `lieDown` was called. */
function sleepyFiles() {
  const platform = createNodePlatform()
  const [asleep, awake] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()]
  let willSleep = false
  const createExclusive: Files['createExclusive'] = async (path, bytes) => {
    if (willSleep && path.includes('/rev/')) {
      willSleep = false
      asleep.resolve(undefined)
      await awake.promise
    }
    return platform.files.createExclusive(path, bytes)
  }
  return {
    platform: { ...platform, files: { ...platform.files, createExclusive } },
    asleep: asleep.promise,
    lieDown: () => void (willSleep = true),
    wake: () => awake.resolve(undefined),
  }
}

const writesOf = (world: Awaited<ReturnType<typeof createEngineFixture>>['world']) =>
  ['one', 'two', 'three', 'four'].flatMap((name) => world.registry(name).writes.map((write) => `${name} ${write}`))

test.each([
  ['before an intent', (event: Stamped) => event.type === 'step.intent', 0],
  ['before an effect', (event: Stamped) => event.type === 'step.progress', 0],
  ['after an effect', (event: Stamped) => event.type === 'step.answered', 1],
  ['before its proof', (event: Stamped) => event.type === 'step.verified', 2],
  ['before the end of a step', (event: Stamped) => event.type === 'step.finished', 2],
])(
  'an owner who falls asleep %s and wakes up after a takeover changes nothing more',
  async (_title, isWhere, count) => {
    const sleepy = aSleepyJournal(isWhere)
    const { engine, another, world, readHistory } = await createEngineFixture({
      wrapJournal: sleepy.wrapJournal,
      config: { parallelism: 1 },
    })
    const first = engine.run(await engine.plan(aRequest('v1.2.0')), defaultApprover)
    await sleepy.asleep
    const second = another()
    const { epoch } = await second.lockInfo()
    const before = writesOf(world).length

    await second.breakLock(epoch, 'the first one sleeps')
    const { exitCode } = await second.resume(first.id, defaultApprover).result
    sleepy.wake()
    const failure = await first.result.catch((error: unknown) => error)

    expect(before).toBe(count)
    expect(exitCode).toBe(0)
    expect(failure).toMatchObject({ code: 'LOCK_LOST' })
    expect(writesOf(world)).toHaveLength(8)
    expect(new Set(writesOf(world)).size).toBe(8)
    const { events } = await second.readRun(first.id)
    const adopted = events.findIndex(({ type }) => type === 'run.adopted')
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1))
    expect(events[adopted]).toMatchObject({
      purpose: 'resume',
      from: { epoch, who: 'operator' },
      why: 'broken by operator: the first one sleeps',
    })
    expect((await readHistory()).deployments.filter(({ run }) => run === first.id)).toHaveLength(1)
    expect(await second.runs()).toMatchObject([{ id: first.id, isOpen: false, result: 'complete' }])
  },
)

test('an owner who wakes up when everything is done writes neither history nor end', async () => {
  const sleepy = aSleepyJournal((event) => event.type === 'sweep.finished')
  const { engine, another, world, readHistory } = await createEngineFixture({ wrapJournal: sleepy.wrapJournal })
  const first = engine.run(await engine.plan(aRequest('v1.2.0')), defaultApprover)
  await sleepy.asleep
  const second = another()

  await second.breakLock((await second.lockInfo()).epoch, 'asleep')
  const { result } = await second.undo(first.id, defaultApprover, 'not the deploy').result
  sleepy.wake()

  await expect(first.result).rejects.toMatchObject({ code: 'LOCK_LOST' })
  expect(result).toBe('undone')
  expect(world.registry('one').tags).toEqual({ latest: 'v1.3.0', stable: 'v1.3.0' })
  const { deployments, held } = await readHistory()
  expect(deployments.find(({ status }) => status === 'active')?.version).toBe('v1.3.0')
  expect(held).toEqual([])
})

test('an undo of a run whose first owner had written the history just before puts that back as well', async () => {
  const sleepy = aSleepyJournal((event) => event.type === 'history.committed')
  const { engine, another, readHistory } = await createEngineFixture({ wrapJournal: sleepy.wrapJournal })
  const before = (await readHistory()).deployments.map(({ version, status }) => [version, status])
  const first = engine.run(await engine.plan(aRequest('v1.2.0')), defaultApprover)
  await sleepy.asleep
  const second = another()

  await second.breakLock((await second.lockInfo()).epoch, 'asleep')
  await second.undo(first.id, defaultApprover, 'not the deploy').result
  sleepy.wake()

  await expect(first.result).rejects.toMatchObject({ code: 'LOCK_LOST' })
  const { deployments, held } = await readHistory()
  expect(deployments.map(({ version, status }) => [version, status])).toEqual([['v1.2.0', 'failed'], ...before])
  expect(held).toEqual([])
})

test('a run is followed from another engine with the same events and the same end', async () => {
  const sleepy = aSleepyJournal((event) => event.type === 'run.decided')
  const { engine, another } = await createEngineFixture({ wrapJournal: sleepy.wrapJournal })
  const handle = engine.run(await engine.plan(aRequest('v1.2.0')), defaultApprover)
  await sleepy.asleep

  const followed = another().follow(handle.id)
  const seen = collect(followed)
  sleepy.wake()
  const outcome = await handle.result

  expect(await followed.result).toMatchObject({ result: 'complete', exitCode: outcome.exitCode })
  expect(await seen).toEqual(await collect(handle))
})

test('a finished run is followed to its end at once, an unknown one not at all', async () => {
  const { engine, world } = await createEngineFixture()
  world.registry('two').isDown = true
  const handle = engine.run(await engine.plan(aRequest('v1.2.0')), defaultApprover)
  const { exitCode } = await handle.result

  const [open, unknown] = [engine.follow(handle.id), engine.follow('01JDXA7Q2M3N4P5R6S7T8V9ZZZ')]

  expect(exitCode).toBe(6)
  expect(await open.result).toMatchObject({ result: 'partial', exitCode: 6 })
  await expect(unknown.result).rejects.toMatchObject({ code: 'RUN_UNKNOWN' })
})

test('a run that nobody works on any more is said to be abandoned, with the way to go on', async () => {
  const { engine } = await createEngineFixture({
    wrapJournal: (journal) => ({
      ...journal,
      append: (event) =>
        event.type === 'step.verified' ? Promise.reject(new BagboyError('DISK', 'full')) : journal.append(event),
    }),
  })
  const handle = engine.run(await engine.plan(aRequest('v1.2.0')), defaultApprover)
  await handle.result.catch(() => undefined)

  const followed = engine.follow(handle.id)
  const events = await collect(followed)

  expect(events[0]?.type).toBe('run.started')
  await expect(followed.result).rejects.toMatchObject({
    code: 'RUN_ABANDONED',
    hint: `Go on with it: bagboy-tui runs resume ${handle.id}`,
  })
})

test('leaving a run that is followed leaves the run alone', async () => {
  const sleepy = aSleepyJournal((event) => event.type === 'run.decided')
  const { engine, another } = await createEngineFixture({ wrapJournal: sleepy.wrapJournal })
  const handle = engine.run(await engine.plan(aRequest('v1.2.0')), defaultApprover)
  await sleepy.asleep
  const followed = another().follow(handle.id)

  followed.stop('seen enough')
  const failure = await followed.result.catch((error: unknown) => error)
  sleepy.wake()

  expect(failure).toMatchObject({ code: 'ABORTED' })
  expect(await handle.result).toMatchObject({ result: 'complete' })
})

test.each(['resume', 'undo'] as const)(
  'an owner who falls asleep right before it commits to the history commits nothing after somebody else went on to %s',
  async (how) => {
    const sleepy = sleepyFiles()
    const { engine, another, world, readHistory } = await createEngineFixture({ platform: sleepy.platform })
    const first = engine.run(await engine.plan(aRequest('v1.2.0')), defaultApprover)
    sleepy.lieDown()
    await sleepy.asleep
    const second = another()
    await second.breakLock((await second.lockInfo()).epoch, 'the first one sleeps')

    const handle =
      how === 'resume'
        ? second.resume(first.id, defaultApprover)
        : second.undo(first.id, defaultApprover, 'not this one')
    const { exitCode } = await handle.result
    sleepy.wake()
    const failure = await first.result.catch((error: unknown) => error)

    const end = how === 'resume' ? 'v1.2.0' : 'v1.3.0'
    const { deployments } = await readHistory()
    expect(exitCode).toBe(0)
    expect(failure).toMatchObject({ code: 'LOCK_LOST' })
    expect(deployments.find(({ status }) => status === 'active')?.version).toBe(end)
    expect(deployments.filter(({ run }) => run === first.id).length).toBeLessThanOrEqual(1)
    expect(world.registry('one').tags.latest).toBe(end)
  },
)
