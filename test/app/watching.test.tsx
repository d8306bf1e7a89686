import { expect, test } from 'vitest'
import type { LockInfo } from '../../src/engine/engine.ts'
import { BagboyError } from '../../src/errors/bagboy-error.ts'
import { projectRun, type RunView } from '../../src/events/project-run.ts'
import { aPlan, anOverview, aRecovery, aRunSummary, FREE_LOCK, NOW } from '../support/builders/app-builders.ts'
import {
  aScriptedEngine,
  aScriptedRun,
  finishStep,
  MUTATING,
  playWholeRun,
  startRun,
  type ScriptedEngine,
} from '../support/harness/app-engine.ts'
import { openApp } from '../support/harness/terminal.tsx'

const RUN = aPlan().id
const BOB: LockInfo = {
  ...FREE_LOCK,
  epoch: 12,
  state: 'held',
  who: 'bob',
  host: 'laptop-7',
  pid: 4711,
  run: RUN,
  purpose: 'rollback v1.30.0 → v1.29.0',
  since: '2026-02-01T20:01:00.000Z',
  lastBeat: NOW,
}

async function aView(): Promise<RunView> {
  const run = aScriptedRun(RUN)
  startRun(run, aPlan())
  run.end()
  let view: RunView | undefined
  for await (const event of run.handle) view = projectRun(view, event)
  if (!view) throw new Error('no view')
  return view
}

/** A run that somebody else is at: it has begun, and goes on as the test says. */
async function aWatchedEngine(lock = BOB): Promise<ScriptedEngine> {
  const engine = aScriptedEngine({
    overview: anOverview({ runs: [aRunSummary({ id: RUN })], lock }),
    recovery: aRecovery(await aView()),
    lock,
  })
  startRun(engine.nextRun, aPlan())
  return engine
}

function mutations(engine: ScriptedEngine): readonly string[] {
  return engine.calls.filter((name) => MUTATING.some((one) => one === name))
}

test('an open run that another process is at is watched, with moving bars, and no key reaches it', async () => {
  const engine = await aWatchedEngine()
  const screen = await openApp(engine)
  await screen.shows('bob on laptop-7 runs it since 20:01:00Z')
  const [first, second] = aPlan().steps

  finishStep(engine.nextRun, first?.id ?? '')
  await screen.shows('1 done')
  await screen.passes(130)
  for (const key of ['p', 'R', 'U', 'F', 'H', 'X', 'T', 'S']) await screen.press(key)
  finishStep(engine.nextRun, second?.id ?? '')
  await screen.shows('2 done')

  expect(engine.requests[engine.calls.indexOf('follow')]).toBe(RUN)
  expect(screen.text()).toContain('WATCHED')
  expect(screen.text()).not.toContain('[ Cancel ]')
  expect(mutations(engine)).toEqual([])
  expect(engine.nextRun.calls).toEqual([])
  await screen.close()
})

test('a watched run ends on the result screen, and the app with its exit code', async () => {
  const engine = await aWatchedEngine()
  engine.nextRun = aScriptedRun(RUN)
  const screen = await openApp(engine)
  await screen.shows('bob on laptop-7')

  playWholeRun(engine.nextRun, aPlan())

  await screen.shows('Every registry serves v1.29.0.')
  await screen.passes(130)
  await screen.press('ctrl-c')
  expect(await screen.exit).toBe(0)
})

test('leaving a watched run asks nothing, stops nothing, and R watches it again', async () => {
  const engine = await aWatchedEngine()
  const screen = await openApp(engine)
  await screen.shows('bob on laptop-7')
  const first = engine.nextRun
  engine.nextRun = aScriptedRun(RUN)
  startRun(engine.nextRun, aPlan())

  await screen.passes(130)
  await screen.press('esc')
  await screen.shows('1 of 30')
  expect(first.calls).toEqual(['abort left'])
  expect(screen.text()).not.toContain('Go back, let it run')
  await screen.passes(130)
  await screen.press('R')
  await screen.shows('bob on laptop-7')

  expect(engine.calls.filter((name) => name === 'follow')).toHaveLength(2)
  expect(mutations(engine)).toEqual([])
  await screen.close()
})

test('when whoever ran it is gone the resume screen opens', async () => {
  const engine = await aWatchedEngine()
  const screen = await openApp(engine)
  await screen.shows('bob on laptop-7')

  engine.lock = { ...BOB, state: 'dead' }
  engine.nextRun.fail(new BagboyError('RUN_ABANDONED', 'nobody works on it'))

  await screen.shows('Open rollback: v1.30.0 → v1.29.0')
  await screen.shows('Interrupted: its process is gone')
  await screen.passes(130)
  await screen.press('esc')
  await screen.shows('1 of 30')
  await screen.close()
})

test('a run whose process is gone opens the resume screen at once', async () => {
  const screen = await openApp(await aWatchedEngine({ ...BOB, state: 'dead' }))

  await screen.shows('Interrupted: its process is gone')

  await screen.close()
})

test('a holder that gives no sign of life is taken over after its host and a reason were typed', async () => {
  const engine = await aWatchedEngine({ ...BOB, state: 'silent' })
  const screen = await openApp(engine)
  await screen.shows('bob on laptop-7 gives no sign of life since 20:02:11Z')
  await screen.passes(130)

  await screen.press('T')
  await screen.shows('Take the run over from bob')
  expect(mutations(engine)).toEqual([])
  await screen.types('lid closed')
  await screen.press('tab')
  await screen.types('laptop-7')
  await screen.press('tab', 'tab')
  await screen.passes(520)
  await screen.press('enter')
  await screen.shows('Open rollback: v1.30.0 → v1.29.0')

  expect(mutations(engine)).toEqual(['breakLock'])
  expect(engine.requests[engine.calls.indexOf('breakLock')]).toEqual([12, 'lid closed'])
  expect(engine.calls).not.toContain('resume')
  await screen.close()
})
