import { expect, test } from 'vitest'
import { BagboyError } from '../../../src/errors/bagboy-error.ts'
import { anOverview, aPlan, aRunSummary, FREE_LOCK } from '../../support/builders/app-builders.ts'
import { aRunState, aRunView } from '../../support/builders/an-open-run.ts'
import { aSession, settle, type Session } from '../../support/harness/a-session.ts'
import { aScriptedEngine, aScriptedRun, finishStep, playWholeRun, startRun } from '../../support/harness/app-engine.ts'

const PLAN = aPlan()
const DONE = { id: PLAN.id, from: 'v1.30.0', to: 'v1.29.0' }

/** A run of ours that has begun; its first step is done. */
async function aRunningApp() {
  const engine = aScriptedEngine()
  const session = aSession(engine)
  await session.commands.openPlan('v1.29.0')
  session.commands.startRollback(PLAN.id, 'why')
  startRun(engine.nextRun, PLAN)
  finishStep(engine.nextRun, PLAN.steps[0]?.id ?? '')
  await session.pass(250)
  return { engine, session, run: engine.nextRun }
}

test('a run is shown as it goes on, and its result stays when it has ended', async () => {
  const { session, run } = await aRunningApp()
  expect(session.state()).toMatchObject({ screen: 'run', back: ['history'], run: { isActive: true, id: DONE.id } })
  expect(session.commands.activeRun()).toBe(run.handle)
  expect(session.commands.isAtWork()).toBe(true)

  for (const { id } of PLAN.steps.slice(1)) finishStep(run, id)
  run.emit({ type: 'run.finished', result: 'complete', exitCode: 0, summary: '' })
  run.end()
  await settle()

  expect(session.state()).toMatchObject({
    screen: 'result',
    run: { isActive: false, outcome: { result: 'complete', exitCode: 0 }, error: null },
  })
  expect(session.state().run?.view?.result).toBe('complete')
  expect(session.commands.activeRun()).toBeUndefined()
  expect(session.commands.isAtWork()).toBe(false)
})

test('what happened is read again after a run', async () => {
  const { session, run } = await aRunningApp()
  const before = session.asked.filter(([method]) => method === 'overview').length
  run.emit({ type: 'run.finished', result: 'failed', exitCode: 6, summary: '' })
  run.end()
  await settle()

  expect(session.asked.filter(([method]) => method === 'overview').length).toBeGreaterThan(before)
  expect(session.asked.map(([method]) => method)).toContain('status')
})

test('a run that ends with an error shows it, without escapes', async () => {
  const { session, run } = await aRunningApp()
  run.fail(new BagboyError('LOCK_LOST', 'taken\u001B[2J over'))
  await settle()

  expect(session.state()).toMatchObject({
    screen: 'result',
    run: { isActive: false, error: { code: 'LOCK_LOST', message: 'taken^[[2J over' } },
  })
})

test('a run that finds nothing to do leaves no result behind, and says why', async () => {
  const { session, run } = await aRunningApp()
  const view = aRunView([])
  Object.assign(run.handle, {
    result: Promise.resolve({
      runId: DONE.id,
      result: 'complete',
      exitCode: 0,
      view,
      nothingToDo: 'It is undone already.',
    }),
  })
  run.end()
  await settle()

  expect(session.state()).toMatchObject({ screen: 'history', run: null, flash: { text: 'It is undone already.' } })
})

test('a warning of a run is said, and changes nothing of its result', async () => {
  const { session, run } = await aRunningApp()
  const view = aRunView([{ type: 'run.finished', result: 'complete', exitCode: 0, summary: '' }])
  Object.assign(run.handle, {
    result: Promise.resolve({ runId: DONE.id, result: 'complete', exitCode: 0, view, warning: 'the lock stayed' }),
  })
  run.end()
  await settle()

  expect(session.state()).toMatchObject({ screen: 'result', flash: { tone: 'warning', text: 'the lock stayed' } })
})

test('p pauses at once and asks before it goes on, naming what was not started', async () => {
  const { session, run } = await aRunningApp()
  await session.press('p')
  expect(run.calls).toEqual(['pause'])
  expect(session.state().run?.isPaused).toBe(true)

  await session.press('p')
  expect(session.state().dialog).toMatchObject({
    kind: 'choice',
    facts: ['Not started: scoop myapp, docker acme/myapp, npm @acme/myapp'],
    index: 0,
  })
  await session.press('enter')
  expect(run.calls).toEqual(['pause'])
  await session.press('p', 'j', 'enter')

  expect(run.calls).toEqual(['pause', 'unpause'])
  expect(session.state().run?.isPaused).toBe(false)
})

test.each([
  ['ctrl-c', ['enter'], []],
  ['ctrl-c', ['j', 'enter'], ['abort stopped by the operator']],
  ['q', ['j', 'enter'], ['abort stopped by the operator']],
  ['esc', ['esc'], []],
])('%s beside a run asks; %o asks of the run %o', async (key, answer, calls) => {
  const { session, run } = await aRunningApp()
  await session.press(key)
  expect(session.state().dialog).toMatchObject({ kind: 'choice', index: 0 })
  expect(session.exits).toEqual([])
  await session.press(...answer)

  expect(run.calls).toEqual(calls)
  expect(session.state().dialog).toBeNull()
  expect(session.state().run?.isAborting).toBe(calls.length > 0)
})

test('a question of a run stands before the run, waits for its answer, and takes its default when it is left', async () => {
  const { engine, session } = await aRunningApp()
  const ask = async (...keys: readonly string[]) => {
    const signal = new AbortController().signal
    const answer = engine.approver?.ask(
      { id: 'after-partial-failure', failed: ['npm:a@r'], default: 'continue' } as never,
      signal,
    )
    await settle()
    expect(session.state().dialog).toMatchObject({
      kind: 'choice',
      facts: ['failed: npm:a@r'],
      options: [{ value: 'continue' }, { value: 'stop' }, { value: 'undo' }],
    })
    await session.press(...keys)
    return answer
  }

  expect(await ask('j', 'enter')).toBe('stop')
  expect(await ask('esc')).toBe('continue')
  expect(await ask('j', 'j', 'j', 'enter')).toBe('undo')
  expect(session.state().dialog).toBeNull()
})

test('questions come one at a time, and never over a dialog the operator has opened', async () => {
  const { engine, session } = await aRunningApp()
  await session.press('ctrl-c')
  const signal = new AbortController().signal
  const first = engine.approver?.ask(
    { id: 'one-time-password', registry: 'npm.example.com', default: '' } as never,
    signal,
  )
  const second = engine.approver?.ask({ id: 'one-time-password', registry: 'other', default: '' } as never, signal)
  await settle()
  expect(session.state().dialog).toMatchObject({
    kind: 'choice',
    facts: ['Nothing is undone by stopping, and the run can be resumed.'],
  })

  await session.press('esc')
  expect(session.state().dialog).toMatchObject({ kind: 'secret', title: 'One-time password for npm.example.com' })
  await session.types('123')
  await session.press('enter')
  expect(session.state().dialog).toMatchObject({ kind: 'secret', title: 'One-time password for other', typed: '' })
  await session.press('esc')

  expect([await first, await second]).toEqual(['123', ''])
})

test('a question that is not needed any more goes away with its default', async () => {
  const { engine, session } = await aRunningApp()
  const over = new AbortController()
  const answer = engine.approver?.ask({ id: 'one-time-password', registry: 'r', default: 'none' } as never, over.signal)
  await settle()
  over.abort()

  expect(await answer).toBe('none')
  expect(session.state().dialog).toBeNull()
})

test('without an operator a paused run is stopped, its questions take their defaults, and its end is waited for', async () => {
  const { engine, session, run } = await aRunningApp()
  const answer = engine.approver?.ask(
    { id: 'one-time-password', registry: 'r', default: 'none' } as never,
    new AbortController().signal,
  )
  await settle()
  await session.press('esc', 'p')
  const ended = session.commands.finish()
  expect(run.calls).toEqual(['pause', 'abort the terminal went away while the run was paused'])
  expect(await answer).toBe('none')
  const later = engine.approver?.ask(
    { id: 'one-time-password', registry: 'r', default: 'later' } as never,
    new AbortController().signal,
  )
  expect(await later).toBe('later')

  run.emit({ type: 'run.finished', result: 'aborted', exitCode: 12, summary: '' })
  run.end()
  expect(await ended).toBeUndefined()
})

const HELD = { ...FREE_LOCK, state: 'held', run: DONE.id, who: 'bob', host: 'bastion' } as const

/** A run that somebody else is at. */
async function aWatchingApp() {
  const engine = aScriptedEngine({ lock: HELD, overview: anOverview({ runs: [aRunSummary()] }) })
  const session = aSession(engine, { state: { overview: anOverview({ runs: [aRunSummary()] }) } })
  await session.commands.openRecovery(DONE.id)
  startRun(engine.nextRun, PLAN)
  await session.pass(250)
  return { engine, session, run: engine.nextRun }
}

test('an open run that an operator works on is watched, and nothing of it can be changed', async () => {
  const { session, run } = await aWatchingApp()
  expect(session.state()).toMatchObject({ screen: 'run', run: { isActive: true, holder: { who: 'bob' } } })
  expect(session.commands.isAtWork()).toBe(false)

  await session.press('p')
  expect(session.state().flash?.text).toContain('bob')
  expect(run.calls).toEqual([])
  await session.press('esc')

  expect(session.state()).toMatchObject({ screen: 'history', run: null })
  expect(run.calls).toEqual(['abort left'])
})

test('who is at a watched run is looked at every two seconds', async () => {
  const { engine, session } = await aWatchingApp()
  engine.lock = { ...HELD, state: 'silent' }
  await session.pass(1700)
  expect(session.state().run?.holder?.state).toBe('held')
  await session.pass(100)
  expect(session.state().run?.holder?.state).toBe('silent')

  engine.lock = { ...HELD, run: 'ANOTHER', who: 'eve' }
  await session.pass(2000)
  expect(session.state().run?.holder?.who).toBe('bob')
})

test('a watched run that ends shows its result; one that is abandoned opens the resume screen', async () => {
  const ended = await aWatchingApp()
  ended.run.emit({ type: 'run.finished', result: 'partial', exitCode: 6, summary: '' })
  ended.run.end()
  await settle()
  expect(ended.session.state()).toMatchObject({
    screen: 'result',
    run: { isActive: false, outcome: { result: 'partial' } },
  })

  const left = await aWatchingApp()
  left.engine.lock = FREE_LOCK
  left.run.fail(new BagboyError('RUN_ABANDONED', 'nobody is at it'))
  await settle()
  expect(left.session.state()).toMatchObject({ screen: 'recovery', run: null, recoveryRun: DONE.id })

  const failed = await aWatchingApp()
  failed.run.fail(new BagboyError('LOCKED', 'broken'))
  await settle()
  expect(failed.session.state()).toMatchObject({ screen: 'result', run: { error: { code: 'LOCKED' } } })
})

test('a run of this process is opened as it is, not for recovery', async () => {
  const { session } = await aRunningApp()
  await session.press('1')
  expect(session.state().screen).toBe('history')
  await session.commands.openRecovery(DONE.id)

  expect(session.state().screen).toBe('run')
  expect(session.asked.map(([method]) => method)).not.toContain('lockInfo')
})

test.each([
  [{}, undefined],
  [{ run: aRunState(null, { isActive: true }) }, undefined],
  [{ run: aRunState(null, { outcome: { result: 'failed', exitCode: 6 } }) }, 6],
  [{ run: aRunState(null, { error: { code: 'LOCKED', message: '', hint: null, details: null } }) }, 8],
] as const)('q leaves with what the run ended with: %#', async (state, code) => {
  const session: Session = aSession(aScriptedEngine(), { state })
  await session.press('ctrl-c')

  expect(session.exits).toEqual('run' in state && state.run.isActive ? [] : [code ?? 130])
})

test('the last events of a run are on the screen before its result', async () => {
  const engine = aScriptedEngine()
  const session = aSession(engine)
  await session.commands.openPlan('v1.29.0')
  engine.nextRun = aScriptedRun(PLAN.id)
  session.commands.startRollback(PLAN.id, '')
  playWholeRun(engine.nextRun, PLAN)
  await settle()

  expect(session.state().run?.view?.result).toBe('complete')
  expect(session.state().run?.log.at(-1)?.text).toContain('complete')
  expect(session.asked.find(([method]) => method === 'run')?.[1]).toEqual(PLAN)
})
