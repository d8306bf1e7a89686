import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { BagboyError } from '../../../src/errors/bagboy-error.ts'
import type { Stamped } from '../../../src/events/events.ts'
import { createJournalStore } from '../../../src/journal/file-journal.ts'
import type { Journal, JournalStore } from '../../../src/journal/journal.ts'
import { createNodeClock } from '../../../src/platform/node/clock.ts'
import { createNodeFiles } from '../../../src/platform/node/files/files.ts'
import { RUN, stampedEvents } from '../../support/builders/stamped-events.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { TEST_KEYS } from '../../support/test-keys.ts'
import { SEED } from '../../support/effort.ts'

const held = () => Promise.resolve()

function aStore(): { store: JournalStore; folder: string; place: string } {
  const folder = join(temporaryFolder('takeover'), 'runs')
  const store = createJournalStore({ files: createNodeFiles(), keys: TEST_KEYS, clock: createNodeClock(), folder })
  return { store: closing(store), folder, place: join(folder, RUN) }
}

const opened: Journal[] = []

afterEach(async () => {
  for (const journal of opened.splice(0)) await journal.close()
})

function closing(store: JournalStore): JournalStore {
  return {
    ...store,
    async create(run, plan) {
      const journal = await store.create(run, plan)
      opened.push(journal)
      return journal
    },
    async reopen(run, assertHeld) {
      const taken = await store.reopen(run, assertHeld)
      opened.push(taken.journal)
      return taken
    },
  }
}

function record(seq: number, label: string): Stamped {
  return { ...stampedEvents(1)[0], label, seq } as Stamped
}

async function appendTo(journal: Journal, first: number, labels: readonly string[]): Promise<void> {
  for (const [index, label] of labels.entries()) await journal.append(record(first + index, label))
}

async function labels(store: JournalStore): Promise<readonly string[]> {
  return (await store.read(RUN)).map((event) => ('label' in event ? event.label : ''))
}

describe('a run that is taken over', () => {
  it('goes on in a part of its own, and the first one is left as it is', async () => {
    const { store, place } = aStore()
    const first = await store.create(RUN, '{}')
    await appendTo(first, 1, ['a', 'b'])
    const before = readFileSync(join(place, 'journal.jsonl'))

    const { journal, past } = await store.reopen(RUN, held)
    await appendTo(journal, 3, ['c'])

    expect([first.part, journal.part]).toEqual([1, 2])
    expect(past).toHaveLength(2)
    expect(await labels(store)).toEqual(['a', 'b', 'c'])
    expect(readFileSync(join(place, 'journal.jsonl')).equals(before)).toBe(true)
    expect(existsSync(join(place, '2.journal.jsonl'))).toBe(true)
  })

  it('does not hear what its first owner writes afterwards', async () => {
    const { store } = aStore()
    const first = await store.create(RUN, '{}')
    await appendTo(first, 1, ['a', 'b'])
    const { journal } = await store.reopen(RUN, held)

    await appendTo(first, 3, ['late'])
    await appendTo(journal, 3, ['c'])
    await appendTo(first, 4, ['later', 'latest'])

    expect(await labels(store)).toEqual(['a', 'b', 'c'])
    const third = await store.reopen(RUN, held)
    expect(third.past.map(({ seq }) => seq)).toEqual([1, 2, 3])
  })

  it('is not harmed by one that woke up between its part and its first record', async () => {
    const { store } = aStore()
    await appendTo(await store.create(RUN, '{}'), 1, ['a'])
    const asked = Promise.withResolvers<undefined>()
    const slept = Promise.withResolvers<undefined>()
    const sleeper = store.reopen(RUN, () => {
      asked.resolve(undefined)
      return slept.promise
    })
    await asked.promise
    const { journal } = await store.reopen(RUN, held)
    await appendTo(journal, 2, ['b', 'c'])

    slept.resolve(undefined)
    const late = await sleeper
    await appendTo(late.journal, 2, ['x', 'y', 'z'])

    expect([late.journal.part, journal.part]).toEqual([2, 3])
    expect(late.past).toHaveLength(1)
    expect(await labels(store)).toEqual(['a', 'b', 'c'])
  })

  it('is not taken by whoever has no lock', async () => {
    const { store } = aStore()
    await appendTo(await store.create(RUN, '{}'), 1, ['a'])
    const lost = new BagboyError('LOCK_LOST', 'gone')

    await expect(store.reopen(RUN, () => Promise.reject(lost))).rejects.toBe(lost)

    expect(await labels(store)).toEqual(['a'])
  })

  it('counts as its newest owner left it, whoever writes, sleeps and wakes in whatever order', async () => {
    const step = fc.oneof({ weight: 2, arbitrary: fc.constant('take' as const) }, { weight: 5, arbitrary: fc.nat(5) })
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        const { store } = aStore()
        const owners = [{ journal: await store.create(RUN, '{}'), chain: [] as string[], isBegun: false }]
        const expected = () => owners.findLast(({ isBegun }) => isBegun)?.chain ?? []

        for (const [index, one] of steps.entries()) {
          if (one === 'take') {
            const { journal } = await store.reopen(RUN, held)
            owners.push({ journal, chain: [...expected()], isBegun: false })
            continue
          }
          const owner = owners[one % owners.length]
          if (!owner) continue
          await owner.journal.append(record(owner.chain.length + 1, String(index)))
          owner.chain.push(String(index))
          owner.isBegun = true
          expect(await labels(store)).toEqual(expected())
        }

        for (const { journal } of owners) await journal.close()
        opened.length = 0
      }),
      { seed: SEED, numRuns: 60 },
    )
  })

  it('loses nothing but the torn record of a part', async () => {
    const { store, place } = aStore()
    await appendTo(await store.create(RUN, '{}'), 1, ['a'])
    const { journal } = await store.reopen(RUN, held)
    await appendTo(journal, 2, ['b', 'c'])
    const path = join(place, '2.journal.jsonl')
    const whole = readFileSync(path)
    const firstEnd = whole.indexOf('\n') + 1

    for (const [size, expected] of [
      [whole.length - 1, ['a', 'b']],
      [firstEnd + 1, ['a', 'b']],
      [firstEnd - 1, ['a']],
      [0, ['a']],
    ] as const) {
      truncateSync(path, size)
      expect(await labels(store)).toEqual(expected)
    }
  })

  it.each([
    ['in the first record of a later part', '2.journal.jsonl', '2.journal.jsonl:1:'],
    ['in a record that a later part goes on from', 'journal.jsonl', '2.journal.jsonl:1:'],
  ])('is damaged by a changed byte %s', async (_title, name, named) => {
    const { store, place } = aStore()
    await appendTo(await store.create(RUN, '{}'), 1, ['a'])
    const { journal } = await store.reopen(RUN, held)
    await appendTo(journal, 2, ['b', 'c'])
    const path = join(place, name)
    const bytes = readFileSync(path)
    bytes[30] = (bytes[30] ?? 0) ^ 1
    writeFileSync(path, bytes)

    await expect(store.read(RUN)).rejects.toMatchObject({
      code: 'JOURNAL_CORRUPT',
      message: expect.stringContaining(named),
    })
  })
})

describe('the end of a run that was taken over', () => {
  it('is said by its newest owner', async () => {
    const { store } = aStore()
    await appendTo(await store.create(RUN, '{}'), 1, ['a'])
    const { journal } = await store.reopen(RUN, held)
    await appendTo(journal, 2, ['b'])

    await store.close(RUN, journal.part)

    expect(await store.list()).toEqual([{ run: RUN, isOpen: false }])
    await expect(store.reopen(RUN, held)).rejects.toMatchObject({ code: 'RUN_NOT_OPEN' })
  })

  it.each([
    ['the one who began it', 1],
    ['the one before', 2],
  ])('is not said by %s, who has moved its folder', async (_title, part) => {
    const { store, folder } = aStore()
    await appendTo(await store.create(RUN, '{}'), 1, ['a'])
    await appendTo((await store.reopen(RUN, held)).journal, 2, ['b'])
    const { journal } = await store.reopen(RUN, held)
    await appendTo(journal, 3, ['c'])

    await store.close(RUN, part)
    const listed = await store.list()
    await appendTo(journal, 4, ['d'])
    const next = await store.reopen(RUN, held)
    await store.close(RUN, next.journal.part)

    expect(listed).toEqual([{ run: RUN, isOpen: true }])
    expect(existsSync(join(folder, RUN))).toBe(false)
    expect(await labels(store)).toEqual(['a', 'b', 'c', 'd'])
    expect(await store.list()).toEqual([{ run: RUN, isOpen: false }])
  })
})

describe('a run that is followed', () => {
  async function collect(store: JournalStore, signal = new AbortController().signal): Promise<readonly string[]> {
    const seen: string[] = []
    for await (const event of store.follow(RUN, signal)) seen.push('label' in event ? `${event.seq}${event.label}` : '')
    return seen
  }

  it('gives what there is, then what comes, and ends when it is closed', async () => {
    const { store } = aStore()
    const journal = await store.create(RUN, '{}')
    await appendTo(journal, 1, ['a', 'b'])
    const seen: number[] = []
    const following = (async () => {
      for await (const { seq } of store.follow(RUN, new AbortController().signal)) seen.push(seq)
    })()
    await expect.poll(() => seen).toEqual([1, 2])

    await appendTo(journal, 3, ['c'])
    await expect.poll(() => seen).toEqual([1, 2, 3])
    await appendTo(journal, 4, ['d'])
    await store.close(RUN, 1)
    await following

    expect(seen).toEqual([1, 2, 3, 4])
  })

  it('waits for the rest of a record that is half written', async () => {
    const { store, folder, place } = aStore()
    const journal = await store.create(RUN, '{}')
    await appendTo(journal, 1, ['a', 'b'])
    const path = join(place, 'journal.jsonl')
    const whole = readFileSync(path)
    truncateSync(path, whole.length - 20)
    const seen: number[] = []
    const following = (async () => {
      for await (const { seq } of store.follow(RUN, new AbortController().signal)) seen.push(seq)
    })()
    await expect.poll(() => seen).toEqual([1])

    appendFileSync(path, whole.subarray(whole.length - 20))
    await expect.poll(() => seen).toEqual([1, 2])
    mkdirSync(join(folder, 'closed'))
    renameSync(place, join(folder, 'closed', RUN))
    await following
  })

  it('goes on from the last record that counts when somebody takes it over', async () => {
    const { store } = aStore()
    const first = await store.create(RUN, '{}')
    await appendTo(first, 1, ['a'])
    const { journal } = await store.reopen(RUN, held)
    await appendTo(first, 2, ['late', 'later'])
    const seen: string[] = []
    const following = (async () => {
      for await (const event of store.follow(RUN, new AbortController().signal)) {
        seen.push('label' in event ? `${event.seq}${event.label}` : '')
      }
    })()
    await expect.poll(() => seen).toEqual(['1a', '2late', '3later'])

    await appendTo(journal, 2, ['b'])
    await expect.poll(() => seen).toEqual(['1a', '2late', '3later', '2b'])
    await store.close(RUN, journal.part)
    await following

    expect(await collect(store)).toEqual(['1a', '2b'])
  })

  it('ends when nobody wants to know any more, and is unknown when it never was', async () => {
    const { store } = aStore()
    await appendTo(await store.create(RUN, '{}'), 1, ['a'])
    const watching = new AbortController()
    const following = collect(store, watching.signal)

    watching.abort()

    expect((await following).length).toBeLessThan(2)
    const other = store.follow('01JDXA7Q2M3N4P5R6S7T8V9ZZZ', new AbortController().signal)
    await expect(other[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: 'RUN_UNKNOWN' })
  })
})
