import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Engine } from '../../../../src/engine/engine.ts'
import { aRequest, defaultApprover } from '../../../support/engine/engine-fixture.ts'
import { anInterruptedRun } from '../../../support/engine/interrupted-run.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'
import { keyOf, keyRingOf } from '../../../support/test-keys.ts'

const [ALICE, BOB] = [keyRingOf('a'), keyRingOf('b')]

/** Alice's run, open; what Bob's machine makes of the same folder. */
async function aRunOfAlice() {
  const alice = await anInterruptedRun(20, { keys: ALICE })
  const bob = await alice.reopened({ keys: BOB })
  const folder = join(alice.folder, '.bagboy/runs', alice.run)
  return { alice, bob, folder, run: alice.run }
}

function contentOf(folder: string): Readonly<Record<string, string>> {
  return Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]))
}

/** Every way to go on with an open run or to end it. */
const WAYS: readonly (readonly [string, (engine: Engine, run: string) => Promise<unknown>])[] = [
  ['resume', (engine, run) => engine.resume(run, defaultApprover).result],
  ['undo', (engine, run) => engine.undo(run, defaultApprover, 'why').result],
  ['hand over', (engine, run) => engine.handOver(run, 'why')],
  ['skip', async (engine, run) => engine.skipStep(run, (await engine.readRun(run)).view.steps[1]?.id ?? '', 'why')],
  [
    'overwrite',
    async (engine, run) => engine.overwriteStep(run, (await engine.readRun(run)).view.steps[1]?.id ?? '', 'why'),
  ],
  ['recovery report', (engine, run) => engine.recovery(run)],
]

describe('an open run that another machine signed', () => {
  test.each(WAYS)('is refused to %s, nothing is read or written for it', async (_title, go) => {
    const { alice, bob, folder, run } = await aRunOfAlice()
    const [before, writes] = [contentOf(folder), alice.writes()]
    const reads = alice.world.registry('two').readCount

    await expect(go(bob.engine, run)).rejects.toMatchObject({
      code: 'RUN_FOREIGN',
      message: expect.stringContaining(`it is signed with the key ${keyOf('a').id}, which this user does not trust`),
      hint: expect.stringContaining('--takeover'),
    })

    expect([contentOf(folder), alice.writes(), alice.world.registry('two').readCount]).toEqual([before, writes, reads])
  })

  test('is listed with whose it claims to be and what it would do', async () => {
    const { bob, run } = await aRunOfAlice()

    const [listed] = await bob.engine.runs()
    const [foreign] = await bob.engine.foreignRuns()

    expect(listed).toMatchObject({ id: run, isOpen: true, origin: { kind: 'foreign', reason: 'unknown-key' } })
    expect(foreign).toMatchObject({
      id: run,
      claim: expect.stringMatching(
        /^it claims to be a rollback from v1\.3\.0 to v1\.2\.0, begun .* by operator on test-host$/u,
      ),
    })
  })

  test('is in the way of no rollback', async () => {
    const { bob, run } = await aRunOfAlice()

    const { result } = await bob.engine.run(await bob.engine.plan(aRequest('v1.2.0')), defaultApprover).result

    expect(result).toBe('complete')
    expect((await bob.engine.foreignRuns()).map(({ id }) => id)).toEqual([run])
  })

  test('is gone on with after a takeover, which its journal tells with the reason', async () => {
    const { alice, bob, run } = await aRunOfAlice()

    const { result } = await bob.engine.resume(run, defaultApprover, { takeoverReason: 'alice is away' }).result
    const { events, origin } = await bob.engine.readRun(run)

    expect([result, origin]).toEqual(['complete', { kind: 'own' }])
    expect(events.find(({ type }) => type === 'run.adopted')).toMatchObject({
      takeover: { reason: 'alice is away', origin: expect.stringContaining(keyOf('a').id) },
    })
    expect(new Set(alice.writes()).size).toBe(alice.writes().length)
    expect((await alice.engine.readRun(run)).origin).toEqual({
      kind: 'foreign',
      reason: 'unknown-key',
      key: keyOf('b').id,
    })
  })

  test('is ended by a takeover without anything being sent', async () => {
    const { alice, bob, run } = await aRunOfAlice()
    const writes = alice.writes()

    const ended = await bob.engine.handOver(run, 'not ours', 'takeover')

    expect([ended.isOpen, ended.result, alice.writes()]).toEqual([false, 'aborted', writes])
    expect(await bob.engine.foreignRuns()).toEqual([])
  })

  test('is gone on with at once where its key is trusted', async () => {
    const { alice, run } = await aRunOfAlice()
    const bob = await alice.reopened({ keys: keyRingOf('b', 'a') })

    const [listed] = await bob.engine.runs()
    const { result } = await bob.engine.resume(run, defaultApprover).result

    expect(listed?.origin).toEqual({ kind: 'colleague', name: 'a', key: keyOf('a').id })
    expect(result).toBe('complete')
  })
})

describe('an open run of ours', () => {
  test('is foreign in a copy of the project', async () => {
    const { alice, run } = await aRunOfAlice()
    const copy = temporaryFolder('copy')
    cpSync(alice.folder, copy, { recursive: true })

    const { engine } = await alice.reopened({ keys: ALICE, folder: copy })

    expect((await engine.runs())[0]?.origin).toEqual({ kind: 'foreign', reason: 'changed', key: keyOf('a').id })
    await expect(engine.resume(run, defaultApprover).result).rejects.toMatchObject({ code: 'RUN_FOREIGN' })
  })

  test('is foreign under another plan', async () => {
    const { alice, folder, run } = await aRunOfAlice()
    const plan = readFileSync(join(folder, 'plan.json'), 'utf8')

    writeFileSync(join(folder, 'plan.json'), plan.replaceAll('v1.2.0', 'v1.1.0'))

    await expect(alice.engine.resume(run, defaultApprover).result).rejects.toMatchObject({ code: 'RUN_FOREIGN' })
    writeFileSync(join(folder, 'plan.json'), plan)
    expect((await alice.engine.resume(run, defaultApprover).result).result).toBe('complete')
  })

  test('that has no record yet starts from its signed plan, and from no other', async () => {
    const alice = await anInterruptedRun(0, { keys: ALICE })
    const bob = await alice.reopened({ keys: BOB })
    const { run } = alice

    await expect(bob.engine.resume(run, defaultApprover).result).rejects.toMatchObject({ code: 'RUN_FOREIGN' })
    await expect(bob.engine.resume(run, defaultApprover, { takeoverReason: 'why not' }).result).rejects.toMatchObject({
      code: 'RUN_FOREIGN',
      message: expect.stringContaining('never started'),
    })
    expect((await alice.engine.runs())[0]?.origin).toEqual({ kind: 'own' })
    const { result } = await alice.engine.resume(run, defaultApprover).result

    expect(result).toBe('complete')
  })

  test('that is damaged stays an obligation of ours', async () => {
    const { alice, folder } = await aRunOfAlice()
    const lines = readFileSync(join(folder, 'journal.jsonl'), 'utf8').split('\n')
    writeFileSync(join(folder, 'journal.jsonl'), lines.toSpliced(8, 1).join('\n'))

    const [listed] = await alice.engine.runs()
    const begun = alice.engine.run(await alice.engine.plan(aRequest('v1.2.0')), defaultApprover)

    expect(listed).toMatchObject({ origin: { kind: 'own' }, damage: expect.stringContaining('journal.jsonl:9:') })
    await expect(begun.result).rejects.toMatchObject({ code: 'JOURNAL_CORRUPT' })
  })
})

/** The same records as a version wrote them that did not sign. */
function unsign(text: string): string {
  let previous = ''
  const lines = text
    .trimEnd()
    .split('\n')
    .map((line) => {
      const { h: _h, k: _k, s: _s, c: _c, ...event } = JSON.parse(line) as Record<string, unknown>
      const body = JSON.stringify(event)
      previous = createHash('sha256')
        .update(previous + body)
        .digest('hex')
      return `${body.slice(0, -1)},"h":"${previous}"}`
    })
  return `${lines.join('\n')}\n`
}

describe('a run of a version that did not sign', () => {
  test('is foreign while it is open', async () => {
    const { alice, folder, run } = await aRunOfAlice()
    const file = join(folder, 'journal.jsonl')
    writeFileSync(file, unsign(readFileSync(file, 'utf8')))

    const [listed] = await alice.engine.runs()

    expect(listed?.origin).toEqual({ kind: 'foreign', reason: 'not-signed', key: '' })
    await expect(alice.engine.resume(run, defaultApprover).result).rejects.toMatchObject({ code: 'RUN_FOREIGN' })
    const taken = await alice.engine.resume(run, defaultApprover, { takeoverReason: 'from before the update' }).result
    expect(taken.result).toBe('complete')
  })

  test('stays readable when it is finished, and is undone only by a takeover', async () => {
    const { alice, run } = await aRunOfAlice()
    await alice.engine.resume(run, defaultApprover).result
    const closed = join(alice.folder, '.bagboy/runs/closed', run)
    for (const name of ['journal.jsonl', '2.journal.jsonl']) expect(existsSync(join(closed, name))).toBe(true)
    const whole = ['journal.jsonl', '2.journal.jsonl'].map((name) => readFileSync(join(closed, name), 'utf8')).join('')
    writeFileSync(join(closed, 'journal.jsonl'), unsign(whole))
    writeFileSync(join(closed, '2.journal.jsonl'), '')

    const { view, origin } = await alice.engine.readRun(run)

    expect([view.result, origin]).toEqual(['complete', { kind: 'foreign', reason: 'not-signed', key: '' }])
    await expect(alice.engine.undo(run, defaultApprover, 'why').result).rejects.toMatchObject({ code: 'RUN_FOREIGN' })
    const { result } = await alice.engine.undo(run, defaultApprover, 'it was not the deploy', 'takeover').result
    expect(result).toBe('complete')
  })
})

test.each([
  ['a plan that is no plan', { 'plan.json': '{}' }],
  ['a plan that is no JSON', { 'plan.json': 'x' }],
  ['a journal that is no journal', { 'plan.json': '{}', 'journal.jsonl': 'hello\nworld\n' }],
  [
    'records that make no sense',
    {
      'plan.json': '{}',
      'journal.jsonl': unsign('{"type":"run.started","run":"01JDXA7Q2M3N4P5R6S7T8V9WXY","seq":1,"at":"x","plan":7}\n'),
    },
  ],
])('a planted run with %s is listed as foreign and stops nothing', async (_title, files) => {
  const alice = await anInterruptedRun(20, { keys: ALICE })
  await alice.engine.resume(alice.run, defaultApprover).result
  const folder = join(alice.folder, '.bagboy/runs/01JDXA7Q2M3N4P5R6S7T8V9WXY')
  mkdirSync(folder, { recursive: true })
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)

  const [foreign] = await alice.engine.foreignRuns()
  const overview = await alice.engine.overview()
  const { result } = await alice.engine.undo(alice.run, defaultApprover, 'back').result

  expect(foreign).toMatchObject({ id: '01JDXA7Q2M3N4P5R6S7T8V9WXY', claim: 'it has no record that can be read' })
  expect(overview.runs).toHaveLength(2)
  expect(result).toBe('complete')
  await expect(alice.engine.resume('01JDXA7Q2M3N4P5R6S7T8V9WXY', defaultApprover).result).rejects.toMatchObject({
    code: expect.stringMatching(/^(RUN_FOREIGN|JOURNAL_CORRUPT)$/u),
  })
})

test('history verify says of every run whose it is', async () => {
  const { alice, bob, folder, run } = await aRunOfAlice()
  const rowOf = async (engine: Engine) => (await engine.verifyHistory()).find(({ what }) => what === `run ${run}`)
  const file = join(folder, 'journal.jsonl')
  const whole = readFileSync(file, 'utf8')

  const [own, foreign] = [await rowOf(alice.engine), await rowOf(bob.engine)]
  const colleague = await rowOf((await alice.reopened({ keys: keyRingOf('b', 'a') })).engine)
  writeFileSync(file, unsign(whole))
  const unsigned = await rowOf(alice.engine)
  writeFileSync(file, whole.replace('"seq":3', '"seq":9'))
  const damaged = await rowOf(alice.engine)

  expect(own).toMatchObject({ state: 'good', detail: 'authenticated: signed by this user on this machine' })
  expect(colleague).toMatchObject({
    state: 'good',
    detail: `authenticated: signed by a (trusted key ${keyOf('a').id})`,
  })
  expect(foreign).toMatchObject({ state: 'note', detail: expect.stringMatching(/^foreign: .*, and open/u) })
  expect(unsigned).toMatchObject({
    state: 'note',
    detail: expect.stringMatching(/^unauthenticated: it is not signed/u),
  })
  expect(damaged).toMatchObject({ state: 'bad', detail: expect.stringMatching(/^damaged: .*journal\.jsonl:3:/u) })
})
