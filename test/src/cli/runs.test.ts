import { expect, test } from 'vitest'
import type { RecoveryReport, RunHandle } from '../../../src/engine/engine.ts'
import { BagboyError } from '../../../src/errors/bagboy-error.ts'
import { aPlan } from '../../support/builders/a-plan.ts'
import { cli, startCli } from '../../support/harness/cli-harness.ts'
import { runEvents } from '../../support/builders/run-events.ts'
import { aRunSummary, foldEvents, FREE_LOCK, playRun, scriptedEngine } from '../../support/engine/scripted-engine.ts'
import { until } from '../../support/clocks/until.ts'

const { id } = aPlan()
const OPEN = aRunSummary({ result: null, isOpen: true, doneCount: 1, finishedAt: null })
const RECOVERY: RecoveryReport = {
  view: foldEvents(runEvents(aPlan(), 'partial', ['npm']).slice(0, -1)),
  steps: [
    {
      step: 'npm:myapp@https://npm.example.com',
      title: 'Point npm at 1.2.0',
      intended: 'intended',
      found: 'want',
      observed: null,
      error: null,
      next: 'verify',
      explanation: 'the write arrived before the crash',
      byHand: [],
      undo: { next: 'run', explanation: 'serves v1.2.0; undo writes v1.3.0 again' },
    },
  ],
  direction: 'do',
  notes: [],
  lock: FREE_LOCK,
}

test('runs list tells open runs from finished ones', async () => {
  const engine = scriptedEngine({ runs: () => Promise.resolve([OPEN, aRunSummary({ id: 'OLD', result: 'partial' })]) })

  const all = await cli(['runs', 'list'], { engine })
  const open = await cli(['runs', 'list', '--open', '-o', 'json'], { engine })

  expect(all.stdout).toMatch(/1\/2 +open +you\n.*OLD.* partial/u)
  expect(JSON.parse(open.stdout)).toEqual({ runs: [OPEN] })
})

test('runs list names the run that took another one back', async () => {
  const engine = scriptedEngine({ runs: () => Promise.resolve([aRunSummary({ undoneBy: '01JNEWER' })]) })

  const { stdout } = await cli(['runs', 'list'], { engine })

  expect(stdout).toContain('complete, undone by 01JNEWER')
})

test('a run is found by the end of its id, which is what the app shows', async () => {
  const other = aRunSummary({ id: '01JAAAAAAAAAAAAAAAAAAAZZZZ' })
  const engine = scriptedEngine({ runs: () => Promise.resolve([other, aRunSummary()]) })

  const { exitCode, stdout } = await cli(['runs', 'show', id.slice(-6).toLowerCase()], { engine })

  expect(exitCode).toBe(0)
  expect(stdout).toContain(id)
})

test('runs show replays the newest run and gives its events as ndjson', async () => {
  const table = await cli(['runs', 'show'])
  const ndjson = await cli(['runs', 'show', id.slice(0, 6).toLowerCase(), '-o', 'ndjson'])

  expect(table.stdout).toMatch(/^Complete: [\s\S]*Timeline[\s\S]*writing {4}npm/u)
  expect(ndjson.stdout.trimEnd().split('\n')).toHaveLength(runEvents(aPlan(), 'complete').length)
})

test('runs resume explains what was found, then goes on with the only open run', async () => {
  const engine = scriptedEngine({ runs: () => Promise.resolve([OPEN]), recovery: () => Promise.resolve(RECOVERY) })

  const { exitCode, stderr, stdout } = await cli(['runs', 'resume', '--yes'], { engine })

  expect(exitCode).toBe(0)
  expect(stderr).toMatch(
    /npm:myapp@\S+ +begun, no proof +as wanted +read back again +the write arrived before the crash/u,
  )
  expect(engine.calls).toContainEqual(['resume', id])
  expect(stdout).toMatch(/^Complete: /u)
})

test.each([
  ['there is none', [], 5, 'No run is open.'],
  ['there are two', [OPEN, { ...OPEN, id: 'OTHER' }], 2, `2 runs are open: ${id}, OTHER.`],
])('runs resume without a name is refused when %s', async (_title, runs, expected, message) => {
  const engine = scriptedEngine({ runs: () => Promise.resolve(runs) })

  const { exitCode, stderr } = await cli(['runs', 'resume'], { engine })

  expect(exitCode).toBe(expected)
  expect(stderr).toContain(message)
})

test('runs undo asks first, and restores with a reason', async () => {
  const reasons: string[] = []
  const engine = scriptedEngine({
    undo: (_run, _approver, reason) => {
      reasons.push(reason)
      return playRun(runEvents(aPlan({ kind: 'undo' }), 'undone'))
    },
  })

  const refused = await cli(['runs', 'undo'], { engine })
  const agreed = await cli(['runs', 'undo', id, '--reason', 'not the deploy'], {
    engine,
    isTerminal: true,
    typed: ['y'],
  })

  expect([refused.exitCode, agreed.exitCode]).toEqual([2, 0])
  expect(refused.stderr).toContain('Add --yes')
  expect(reasons).toEqual(['not the deploy'])
  expect(agreed.stdout).toContain('Undone')
})

test('runs abort hands an open run over and never looks like success', async () => {
  const engine = scriptedEngine({ runs: () => Promise.resolve([OPEN]) })

  const bare = await cli(['runs', 'abort', '--yes'], { engine })
  const { exitCode, stdout } = await cli(['runs', 'abort', '--yes', '--reason', 'by hand'], { engine })

  expect(bare.exitCode).toBe(5)
  expect(exitCode).toBe(0)
  expect(engine.calls).toContainEqual(['handOver', id])
  expect(stdout).toContain('closed as it stands: 1 of 2 done')
})

test('runs skip leaves one step out and says how to go on', async () => {
  const skipped: unknown[][] = []
  const engine = scriptedEngine({
    runs: () => Promise.resolve([OPEN]),
    skipStep: (...args) => Promise.resolve(void skipped.push(args)),
  })

  const { exitCode, stdout } = await cli(['runs', 'skip', id, 'npm:x@y', '--reason', 'gone'], { engine })

  expect(exitCode).toBe(0)
  expect(skipped).toEqual([[id, 'npm:x@y', 'gone', 'own-only']])
  expect(stdout).toContain(`bagboy-tui runs resume ${id}`)
})

test('a question in mid-run takes its default where nobody can be asked, and says so', async () => {
  const answers: string[] = []
  const engine = scriptedEngine({
    run: (plan, approver) => {
      const question = {
        id: 'after-partial-failure',
        failed: ['npm'],
        options: ['continue', 'undo', 'stop'],
        default: 'stop',
      } as const
      void approver.ask(question, new AbortController().signal).then((answer) => answers.push(answer))
      return playRun(runEvents(plan, 'partial', ['npm']))
    },
  })

  const { stderr } = await cli(['rollback', '--yes'], { engine })
  const applied = await cli(['rollback', '--yes'], { engine, isTerminal: true, typed: ['undo'] })

  expect(answers).toEqual(['stop', 'stop'])
  expect(stderr).toContain(
    'npm failed. What now: continue, undo, stop? [stop] There is no terminal, so the answer is "stop".',
  )
  expect(applied.exitCode).toBe(6)
})

const HELD = { ...FREE_LOCK, epoch: 12, state: 'held', who: 'bob', host: 'ci-3', pid: 42, run: id } as const

test('runs follow says who is at it, shows every event, and ends as the run does', async () => {
  const engine = scriptedEngine({
    runs: () => Promise.resolve([OPEN]),
    lockInfo: () => Promise.resolve(HELD),
    follow: () => playRun(runEvents(aPlan(), 'partial', ['npm'])),
  })

  const table = await cli(['runs', 'follow'], { engine })
  const ndjson = await cli(['runs', 'follow', '-o', 'ndjson'], { engine })

  expect([table.exitCode, ndjson.exitCode]).toEqual([6, 6])
  expect(table.stderr).toMatch(
    /^The lock of myapp in production is held by bob on ci-3, process 42\.[\s\S]*started +run/u,
  )
  expect(table.stdout).toMatch(/^Partial: /u)
  expect(ndjson.stdout.trimEnd().split('\n')).toHaveLength(runEvents(aPlan(), 'partial', ['npm']).length)
  expect(engine.calls.map(([name]) => name)).not.toContain('resume')
})

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('runs follow stops watching at %s and leaves the run alone', async (signal, expected) => {
  const events = runEvents(aPlan(), 'complete').slice(0, 3)
  const gone = new BagboyError('ABORTED', 'no longer watched: the run itself goes on')
  const { promise: over, reject: end } = Promise.withResolvers<never>()
  over.catch(() => undefined)
  const watched: RunHandle = {
    ...playRun(events, () => []),
    result: over,
    stop: () => end(gone),
    async *[Symbol.asyncIterator]() {
      yield* events
      await over.catch(() => undefined)
    },
  }
  const engine = scriptedEngine({ runs: () => Promise.resolve([OPEN]), follow: () => watched })
  const started = startCli(['runs', 'follow'], { engine })
  await until('the events', () => started.stderr().includes('checking'))

  started.send(signal)
  const { exitCode, stderr } = await started.result

  expect(exitCode).toBe(expected)
  expect(stderr).toContain('the run itself goes on')
})
