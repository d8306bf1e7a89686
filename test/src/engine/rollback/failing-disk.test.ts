import { expect, test } from 'vitest'
import { BagboyError, exitCodeOf } from '../../../../src/errors/bagboy-error.ts'
import type { Stamped } from '../../../../src/events/events.ts'
import type { Journal } from '../../../../src/journal/journal.ts'
import { createNodePlatform } from '../../../../src/platform/node/create-platform.ts'
import { createNodeFiles } from '../../../../src/platform/node/files/files.ts'
import { diskError, faultyFileSystem } from '../../../support/faulty-file-system.ts'
import {
  aRequest,
  createEngineFixture,
  defaultApprover,
  type EngineFixture,
} from '../../../support/engine/engine-fixture.ts'
import { createMemoryWorld } from '../../../support/registries/memory-driver.ts'

const REGISTRIES = ['one', 'two', 'three']
/** A disk that is full still reads. */
const READS = new Set(['lstat', 'readdir', 'readFile', 'close', 'stat', 'realpath', 'read'])
/** Every so many calls of a rollback one is tried. */
const STEP = 13

const thrownBy = (result: Promise<unknown>): Promise<unknown> =>
  result.then(
    () => undefined,
    (error: unknown) => error,
  )

/** A disk that is full from the record on that `isLast` names, and again when the journal is closed. */
function fullFrom(isLast: (event: Stamped) => boolean) {
  const disk = { isFull: false, isHealed: false }
  const full = () =>
    Promise.reject(new BagboyError('DISK', 'cannot write journal.jsonl (ENOSPC)', { hint: 'Free space.' }))
  const wrapJournal = (journal: Journal): Journal => ({
    ...journal,
    append(event) {
      disk.isFull ||= !disk.isHealed && isLast(event)
      return disk.isFull ? full() : journal.append(event)
    },
    close: async () => {
      await journal.close()
      if (disk.isFull) throw new BagboyError('DISK', 'cannot close journal.jsonl (EIO)')
    },
  })
  return { disk, wrapJournal }
}

const cutOffAt = async (isLast: (event: Stamped) => boolean) => {
  const { disk, wrapJournal } = fullFrom(isLast)
  const fixture = await createEngineFixture({ registries: REGISTRIES, wrapJournal, config: { parallelism: 1 } })
  const plan = await fixture.engine.plan(aRequest('v1.2.0'))
  const error = await thrownBy(fixture.engine.run(plan, defaultApprover).result)
  Object.assign(disk, { isFull: false, isHealed: true })
  return { ...fixture, run: plan.id, error }
}

test('a disk that fills up in the middle says what is done, what is not known and what is not done', async () => {
  const { engine, world, run, error } = await cutOffAt(
    (event) => event.type === 'step.answered' && event.step.endsWith('two'),
  )

  expect(error).toMatchObject({
    code: 'RUN_INTERRUPTED',
    message: [
      `Run ${run} (v1.3.0 → v1.2.0) was cut off: cannot write journal.jsonl (ENOSPC)`,
      'Done and read back: memory:hello@one',
      'Not known; resume reads them first: memory:hello@two',
      'Not done: memory:hello@three',
      'Not written yet: its entry in the history.',
    ].join('\n'),
    hint: expect.stringMatching(new RegExp(`^Free space\\. Then go on: bagboy-tui runs resume ${run}`, 'u')),
  })
  expect(exitCodeOf(error)).toBe(6)
  expect(world.registry('three').writes).toEqual([])
  expect(await engine.resume(run, defaultApprover).result).toMatchObject({ result: 'complete', exitCode: 0 })
})

test('what the clean-up finds does not hide what cut the run off', async () => {
  const { error } = await cutOffAt((event) => event.type === 'step.intent')

  expect(error).toMatchObject({
    message: expect.stringContaining('cannot write journal.jsonl (ENOSPC)'),
    hint: expect.stringContaining('Besides: cannot close journal.jsonl (EIO)'),
  })
})

test('a run whose first record cannot be written says that it is open and changed nothing', async () => {
  const { engine, run, error } = await cutOffAt((event) => event.type === 'run.started')

  expect(error).toMatchObject({
    code: 'RUN_INTERRUPTED',
    message: expect.stringContaining('Nothing was changed on any registry.'),
    hint: expect.stringContaining(`bagboy-tui runs resume ${run}, or end it: bagboy-tui runs abort ${run}`),
  })
  expect(await engine.runs()).toMatchObject([{ id: run, isOpen: true }])
  expect(await engine.resume(run, defaultApprover).result).toMatchObject({ result: 'complete' })
})

/** A rollback on a disk that fails at every write from the given call on; `undefined` when there are not so many. */
async function rollBackOnFailingDisk(failFrom: number, code: string) {
  const world = createMemoryWorld('v1.3.0')
  const healthy = await createEngineFixture({ registries: REGISTRIES, world })
  const plan = await healthy.engine.plan(aRequest('v1.2.0'))
  let count = -1
  const { system } = faultyFileSystem({
    before: async (call) => {
      if (READS.has(call)) return
      count += 1
      if (count >= failFrom) throw diskError(code, call)
    },
  })
  const platform = { ...createNodePlatform(), files: createNodeFiles(system) }
  const { folder } = healthy
  const failing = await createEngineFixture({ registries: REGISTRIES, world, folder, platform, seedIfEmpty: false })
  const error = await thrownBy(failing.engine.run(plan, defaultApprover).result)
  return count < failFrom ? undefined : { healthy, run: plan.id, error }
}

interface Failed {
  readonly healthy: EngineFixture
  readonly run: string
  readonly error: unknown
}

/** @returns what is not as it has to be */
async function complain({ healthy, run, error }: Failed): Promise<readonly string[]> {
  const isOpen = (await healthy.engine.runs()).some((one) => one.id === run && one.isOpen)
  if (!(error instanceof BagboyError)) return error === undefined && !isOpen ? [] : ['open without an error']
  if (!isOpen) return error.code === 'DISK' ? [] : [`${error.code} without an open run`]
  const lock = await healthy.engine.lockInfo()
  // Giving it back is a write, too; the process that has it is this one.
  if (lock.state === 'held') await healthy.engine.breakLock(lock.epoch, 'its disk failed')
  const words = complainOfWords(error, run, healthy)
  const { result } = await healthy.engine.resume(run, defaultApprover).result
  return [...words, ...(result === 'complete' ? [] : [`resumed as ${result}`])]
}

function complainOfWords(error: BagboyError, run: string, { world }: EngineFixture): readonly string[] {
  const text = `${error.message}\n${error.hint ?? ''}`
  const done = (error.details as { done?: readonly string[] } | undefined)?.done ?? []
  const isAt = (id: string) => world.registry(id.slice(id.indexOf('@') + 1)).tags.stable === 'v1.2.0'
  return [
    ...(error.code === 'RUN_INTERRUPTED' && exitCodeOf(error) === 6 ? [] : [`${error.code} of an open run`]),
    ...(text.includes(`runs resume ${run}`) ? [] : [`no way to go on in: ${text}`]),
    ...(/ENOSPC|EIO|EROFS/u.test(text) ? [] : [`no cause in: ${text}`]),
    ...done.filter((id) => !isAt(id)).map((id) => `${id} is said to be done`),
  ]
}

test.each(['ENOSPC', 'EIO', 'EROFS'])(
  'wherever in a run the disk begins to fail, an open run is named with the way to go on: %s',
  { timeout: 120_000 },
  async (code) => {
    let openCount = 0
    for (let failFrom = code.length; ; failFrom += STEP) {
      const ended = await rollBackOnFailingDisk(failFrom, code)
      if (!ended) break
      openCount += ended.error instanceof BagboyError && ended.error.code === 'RUN_INTERRUPTED' ? 1 : 0
      expect(await complain(ended), `${code} from call ${failFrom} on`).toEqual([])
    }
    expect(openCount).toBeGreaterThan(5)
  },
)
