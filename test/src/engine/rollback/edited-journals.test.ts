import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { BagboyError } from '../../../../src/errors/bagboy-error.ts'
import { createNodePlatform } from '../../../../src/platform/node/create-platform.ts'
import type { Files } from '../../../../src/platform/platform.ts'
import { aJournalEdit, type RunFiles } from '../../../support/builders/edit-journal.ts'
import { defaultApprover } from '../../../support/engine/engine-fixture.ts'
import { anInterruptedRun, type InterruptedRun } from '../../../support/engine/interrupted-run.ts'
import { createMemoryFiles } from '../../../support/memory-files.ts'
import { keyRingOf } from '../../../support/test-keys.ts'
import { roundCount } from '../../../support/effort.ts'

const NAMES = ['one', 'two', 'three']
const RECORDS = 20
const EDITS = roundCount(400, 2000)

interface Subject extends InterruptedRun {
  readonly files: Files
  readonly whole: RunFiles
}

/** An open run in memory: one registry is moved, the second half, the third not yet. */
async function aSubject(folder: string, letter = 'a'): Promise<Subject> {
  const files = createMemoryFiles()
  const platform = { ...createNodePlatform(), files }
  const fixture = await anInterruptedRun(RECORDS, { platform, folder, keys: keyRingOf(letter) })
  return { ...fixture, files, whole: await filesOf(files, join(folder, '.bagboy/runs', fixture.run)) }
}

async function filesOf(files: Files, folder: string): Promise<RunFiles> {
  const names = await files.list(folder)
  return new Map(
    await Promise.all(
      names.map(async (name) => [name, Buffer.from((await files.read(join(folder, name))) ?? [])] as const),
    ),
  )
}

async function lay({ files, folder, run }: Subject, content: RunFiles): Promise<void> {
  const path = join(folder, '.bagboy/runs', run)
  for (const one of [path, join(folder, '.bagboy/runs/closed', run)]) await files.remove(one)
  for (const [name, bytes] of content) await files.replace(join(path, name), bytes)
}

const pointersOf = ({ world }: InterruptedRun) => NAMES.map((name) => ({ ...world.registry(name).tags }))

test('random edits of a journal, its plan and its signatures are refused, or change nothing of what runs', async () => {
  const others = [
    (await aSubject('/project')).whole,
    (await aSubject('/elsewhere')).whole,
    (await aSubject('/project', 'b')).whole,
  ]
  let subject = await aSubject('/project')
  const outcomes: Record<string, number> = {}

  await fc.assert(
    fc.asyncProperty(aJournalEdit(others), fc.constantFrom('resume', 'undo'), async (edit, wanted) => {
      const edited = edit.apply(subject.whole)
      fc.pre(edited !== undefined)
      await lay(subject, edited)
      const outcome = await goOn(subject, wanted)
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1
      if (outcome === 'runs') subject = await aSubject('/project')
      else await lay(subject, subject.whole)
    }),
    { seed: 20_261, numRuns: EDITS },
  )

  expect(Object.keys(outcomes).sort()).toEqual(['JOURNAL_CORRUPT', 'PLAN_STALE', 'RUN_FOREIGN', 'RUN_UNKNOWN', 'runs'])
  expect(outcomes['JOURNAL_CORRUPT']).toBeGreaterThan(EDITS / 5)
  expect(outcomes['RUN_FOREIGN']).toBeGreaterThan(EDITS * 0.3)
  expect(outcomes['runs']).toBeGreaterThan(EDITS / 100)
}, 120_000)

/** What came of it: the code of the refusal, or `runs` when exactly that was done which would have been done without the edit. */
async function goOn(subject: Subject, wanted: 'resume' | 'undo'): Promise<string> {
  const { engine, run, journals } = subject
  const [writes, pointers] = [subject.writes(), pointersOf(subject)]
  // A torn tail is what a crash leaves, too: how far a run got is known from the registries, but an undo needs the intent.
  const isCut = await journals.inspect(run).then(
    ({ events }) => events.length < RECORDS,
    () => false,
  )
  const isBack = wanted === 'undo' && !isCut
  try {
    const handle = isBack ? engine.undo(run, defaultApprover, 'x') : engine.resume(run, defaultApprover)
    await handle.result
  } catch (error) {
    expect([subject.writes(), pointersOf(subject)]).toEqual([writes, pointers])
    return (error as BagboyError).code
  }
  const version = isBack ? 'v1.3.0' : 'v1.2.0'
  const moved = { latest: version, stable: version }
  // A pointer that no intent is known of any more was moved by somebody else: it is left as it was found.
  for (const [index, pointer] of pointersOf(subject).entries()) {
    expect(isCut ? [moved, pointers[index]] : [moved]).toContainEqual(pointer)
  }
  // What was half written is put back before it is written again.
  for (const write of subject.writes().slice(writes.length))
    expect(write).toMatch(/^(one|two|three) (latest|stable)=v1\.[23]\.0$/u)
  return 'runs'
}
