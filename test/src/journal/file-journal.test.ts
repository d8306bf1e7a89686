import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createJournalStore } from '../../../src/journal/file-journal.ts'
import { formatJournalLine } from '../../../src/journal/journal-line.ts'
import type { JournalStore } from '../../../src/journal/journal.ts'
import { createNodeClock } from '../../../src/platform/node/clock.ts'
import { createNodeFiles } from '../../../src/platform/node/files/files.ts'
import { faultyFileSystem } from '../../support/faulty-file-system.ts'
import { RUN, stampedEvents } from '../../support/builders/stamped-events.ts'
import { keyOf, TEST_KEYS } from '../../support/test-keys.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const PLAN = '{"schema":1}\n'
const clock = createNodeClock()
const held = () => Promise.resolve()

function aStore(folder = join(temporaryFolder('journal'), 'runs')): { store: JournalStore; folder: string } {
  return { store: createJournalStore({ files: createNodeFiles(), keys: TEST_KEYS, clock, folder }), folder }
}

/** A store with one open run of `count` records. */
async function aRun(count: number): Promise<{ store: JournalStore; folder: string; path: string }> {
  const { store, folder } = aStore()
  const journal = await store.create(RUN, PLAN)
  for (const event of stampedEvents(count)) await journal.append(event)
  await journal.close()
  return { store, folder, path: join(folder, RUN, 'journal.jsonl') }
}

describe('the journal', () => {
  it('gives back what was appended, in its order', async () => {
    const { store, folder } = await aRun(5)

    const events = await store.read(RUN)

    expect(events).toEqual(stampedEvents(5))
    expect(await store.readPlan(RUN)).toBe(PLAN)
    expect(readFileSync(join(folder, RUN, 'plan.json'), 'utf8')).toBe(PLAN)
    expect(statSync(join(folder, RUN, 'journal.jsonl')).mode & 0o777).toBe(0o600)
  })

  it('is one JSON object a line, each signed and with the hash of the one before and itself', async () => {
    const { path } = await aRun(3)

    const lines = readFileSync(path, 'utf8').trimEnd().split('\n')

    let previous = ''
    for (const line of lines) {
      const { h, k, s, c, ...body } = JSON.parse(line)
      expect(h).toBe(
        createHash('sha256')
          .update(previous + JSON.stringify(body))
          .digest('hex'),
      )
      expect([k, s, c]).toEqual([keyOf('a').id, expect.stringMatching(/^[\w-]{86}$/u), expect.any(String)])
      previous = h
    }
    expect(lines).toHaveLength(3)
  })

  it('writes a record with one write and one sync before it answers', async () => {
    const { system, calls } = faultyFileSystem({})
    const store = createJournalStore({
      files: createNodeFiles(system),
      keys: TEST_KEYS,
      clock,
      folder: temporaryFolder('journal'),
    })
    const journal = await store.create(RUN, PLAN)
    const before = calls.length

    for (const event of stampedEvents(2)) await journal.append(event)

    expect(calls.slice(before)).toEqual(['write', 'datasync', 'write', 'datasync'])
    await journal.close()
  })

  it('keeps the order of records that are appended at once', async () => {
    const { store } = aStore()
    const journal = await store.create(RUN, PLAN)

    await Promise.all(stampedEvents(30).map((event) => journal.append(event)))
    await journal.close()

    expect(await store.read(RUN)).toEqual(stampedEvents(30))
  })

  it('goes on after the last record when it is opened again', async () => {
    const { store } = await aRun(3)

    const { journal } = await store.reopen(RUN, held)
    for (const event of stampedEvents(5).slice(3)) await journal.append(event)
    await journal.close()

    expect(await store.read(RUN)).toEqual(stampedEvents(5))
  })

  it('refuses a record that leaves a gap, repeats one, or belongs to another run', async () => {
    const { store } = await aRun(3)
    const { journal } = await store.reopen(RUN, held)
    const [first, , , , fifth] = stampedEvents(5)
    const foreign = stampedEvents(4, '01JDXA7Q2M3N4P5R6S7T8V9ZZZ')[3]

    for (const event of [first, fifth, foreign]) {
      expect(event).toBeDefined()
      if (event) await expect(journal.append(event)).rejects.toMatchObject({ code: 'BUG' })
    }

    await journal.close()
    expect(await store.read(RUN)).toEqual(stampedEvents(3))
  })

  it('reports a full disk to whoever appends, then and from then on', async () => {
    const { system, calls } = faultyFileSystem({
      before: async (call) => {
        if (call === 'datasync' && calls.filter((name) => name === 'datasync').length === 2) {
          throw Object.assign(new Error('full'), { code: 'ENOSPC' })
        }
      },
    })
    const folder = temporaryFolder('journal')
    const store = createJournalStore({ files: createNodeFiles(system), keys: TEST_KEYS, clock, folder })
    const journal = await store.create(RUN, PLAN)

    const results = await Promise.allSettled(stampedEvents(4).map((event) => journal.append(event)))
    await journal.close()

    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'rejected'])
    expect(results[3]).toMatchObject({ reason: { code: 'DISK' } })
    const { journal: reopened } = await store.reopen(RUN, held)
    await reopened.close()
    expect((await store.read(RUN)).length).toBeLessThanOrEqual(2)
  })

  it('has no records as long as nothing was appended', async () => {
    const { store } = await aRun(0)

    expect(await store.read(RUN)).toEqual([])
  })
})

describe('the runs of a journal store', () => {
  const [OLDER, NEWER] = ['01JDXA00000000000000000000', '01JDXB00000000000000000000']

  it('are listed newest first, open and closed', async () => {
    const { store } = aStore()
    for (const run of [NEWER, OLDER, RUN]) await (await store.create(run, PLAN)).close()

    await store.close(NEWER, 1)

    expect(await store.list()).toEqual([
      { run: NEWER, isOpen: false },
      { run: RUN, isOpen: true },
      { run: OLDER, isOpen: true },
    ])
  })

  it('are none where there is no folder', async () => {
    expect(await aStore().store.list()).toEqual([])
  })

  it('do not count what is no run: other names, and folders that a crash left without a plan', async () => {
    const { store, folder } = aStore()
    mkdirSync(join(folder, OLDER), { recursive: true })
    mkdirSync(join(folder, 'notes'))
    writeFileSync(join(folder, NEWER), 'a file')

    expect(await store.list()).toEqual([])
    await expect(store.read(OLDER)).rejects.toMatchObject({ code: 'RUN_UNKNOWN' })
    await (await store.create(OLDER, PLAN)).close()
    expect(await store.list()).toEqual([{ run: OLDER, isOpen: true }])
  })

  it('are read when closed, and not opened again', async () => {
    const { store, folder } = await aRun(2)

    await store.close(RUN, 1)
    await store.close(RUN, 1)

    expect(await store.read(RUN)).toEqual(stampedEvents(2))
    expect(await store.readPlan(RUN)).toBe(PLAN)
    expect(readdirSync(folder)).toEqual(['closed'])
    await expect(store.reopen(RUN, held)).rejects.toMatchObject({ code: 'RUN_NOT_OPEN' })
    await expect(store.create(RUN, PLAN)).rejects.toMatchObject({ code: 'RUN_OPEN' })
  })

  it('are created once, by one of many', async () => {
    const { store, folder } = aStore()

    const results = await Promise.allSettled(
      Array.from({ length: 8 }, (_, index) => store.create(RUN, `plan ${index}`)),
    )

    const winners = results.filter((result) => result.status === 'fulfilled')
    expect(winners).toHaveLength(1)
    for (const winner of winners) await winner.value.close()
    expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(7)
    expect(readFileSync(join(folder, RUN, 'plan.json'), 'utf8')).toMatch(/^plan \d$/u)
  })

  it.each(['', '..', '../../etc', `${RUN}/..`, RUN.toLowerCase(), `${RUN}\n`, 'closed', `${RUN}0`])(
    'are never looked for under the name %j',
    async (run) => {
      const { store, folder } = await aRun(1)
      const before = readdirSync(folder)

      for (const work of [
        store.read(run),
        store.readPlan(run),
        store.reopen(run, held),
        store.close(run, 1),
        store.create(run, PLAN),
      ]) {
        await expect(work).rejects.toMatchObject({ code: 'RUN_UNKNOWN' })
      }

      expect(readdirSync(folder)).toEqual(before)
    },
  )
})

describe('a damaged journal', () => {
  it('loses nothing but the torn record, at every byte of it', async () => {
    const { store, path } = await aRun(3)
    const whole = readFileSync(path)
    const lastStart = whole.lastIndexOf('\n', whole.length - 2) + 1

    for (let size = lastStart; size < whole.length; size += 1) {
      writeFileSync(path, whole.subarray(0, size))

      const read = await store.read(RUN)
      expect(read).toHaveLength(2)
      expect(statSync(path).size).toBe(size)
    }
    for (const size of [lastStart, lastStart + 100, whole.length - 1]) {
      writeFileSync(path, whole.subarray(0, size))
      const { journal } = await store.reopen(RUN, held)
      for (const event of stampedEvents(3).slice(2)) await journal.append(event)
      await journal.close()
      expect(await store.read(RUN)).toEqual(stampedEvents(3))
      expect(readFileSync(path).equals(whole.subarray(0, size))).toBe(true)
      rmSync(join(path, `../${journal.part}.journal.jsonl`))
    }
    expect(whole.length - lastStart).toBeGreaterThan(200)
  })

  it.each([
    ['bytes that were never written', Buffer.alloc(100)],
    ['a whole record of which the line break was never written', undefined],
    ['bytes of another file', Buffer.from('{"type":"run.started","h":"abc"}\n')],
    ['bytes that are no text', Buffer.from([0xff, 0xfe, 0x80, 0x0a])],
  ])('leaves out %s at the end', async (_title, tail) => {
    const { store, path } = await aRun(3)
    const whole = readFileSync(path)
    const kept = tail ? 3 : 2
    if (tail) appendFileSync(path, tail)
    else writeFileSync(path, Buffer.concat([whole.subarray(0, -1), Buffer.alloc(7)]))

    expect(await store.read(RUN)).toEqual(stampedEvents(kept))
    const { journal, past } = await store.reopen(RUN, held)
    await journal.close()

    expect(past).toEqual(stampedEvents(kept))
  })

  it('is told from a torn one, with file and line, whichever byte before the last record is changed', async () => {
    const { store, path } = await aRun(3)
    const whole = readFileSync(path)
    const lastStart = whole.lastIndexOf('\n', whole.length - 2) + 1

    for (let place = 0; place < lastStart; place += 1) {
      const line = whole.subarray(0, place).filter((byte) => byte === 0x0a).length + 1
      // 0x1f makes of the first byte of U+FFFD one that decodes to U+FFFD again.
      for (const mask of [0x01, 0x1f, 0x80]) {
        const changed = Buffer.from(whole)
        changed[place] = (changed[place] ?? 0) ^ mask
        writeFileSync(path, changed)

        await expect(store.read(RUN)).rejects.toMatchObject({
          code: 'JOURNAL_CORRUPT',
          message: expect.stringContaining(`${path}:${line}:`),
        })
      }
      if (place % 50 === 0) await expect(store.reopen(RUN, held)).rejects.toMatchObject({ code: 'JOURNAL_CORRUPT' })
    }
    expect(statSync(path).size).toBe(whole.length)
  })

  it('is recognised when a record is missing, doubled, moved, or of another run', async () => {
    const { store, path, folder } = await aRun(4)
    const [a, b, c, d] = readFileSync(path, 'utf8').trimEnd().split('\n')
    const damaged = [
      [a, c, d, d],
      [a, b, b, c, d],
      [b, a, c, d],
      [b, c, d],
    ]

    for (const lines of damaged) {
      writeFileSync(path, `${lines.join('\n')}\n`)
      await expect(store.read(RUN)).rejects.toMatchObject({ code: 'JOURNAL_CORRUPT' })
    }

    const [first, , third] = stampedEvents(3)
    const sign = () => ({ key: keyOf('a').id, value: keyOf('a').sign('') })
    const start = first && formatJournalLine(first, '', sign)
    const gap = third && formatJournalLine(third, start?.hash ?? '', sign)
    writeFileSync(path, `${start?.text}\n${gap?.text}\n`)
    await expect(store.read(RUN)).rejects.toMatchObject({ message: expect.stringContaining(`${path}:2:`) })

    const other = '01JDXA7Q2M3N4P5R6S7T8V9ZZZ'
    await (await store.create(other, PLAN)).close()
    writeFileSync(join(folder, other, 'journal.jsonl'), `${[a, b, c, d].join('\n')}\n`)
    await expect(store.read(other)).rejects.toMatchObject({ code: 'JOURNAL_CORRUPT' })
    expect(existsSync(path)).toBe(true)
  })
})
