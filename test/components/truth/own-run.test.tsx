import { expect, test } from 'vitest'
import { aStatus } from '../../support/builders/app-builders.ts'
import { createWorld, type WorldSeed } from './scripted-world.ts'
import { startWalk, type Move } from './walk.tsx'
import { runExitCode } from '../../../store/run/run-selectors.ts'

const SEED: WorldSeed = {
  parts: ['step', 'step', 'step', 'step'],
  isBlocked: false,
  statuses: ['in-sync', 'in-sync', 'in-sync', 'in-sync'],
  endings: ['done', 'done', 'done', 'done'],
  result: 'complete',
  exitCode: 0,
  direction: 'do',
  openRun: 'none',
  keep: 10,
  latencies: [12],
  rate: 0,
  isArmed: false,
}
const keys = (...names: readonly string[]): readonly Move[] => names.map((key) => ({ kind: 'key', key }))
const START: readonly Move[] = [...keys('j', 'r', 'enter', 'X'), { kind: 'type-what-is-asked' }]

test('what a run of ours has moved is no news of drift, during it and after it', async () => {
  const world = createWorld(SEED)
  const walk = await startWalk(world)
  for (const move of [...START, { kind: 'run-goes-on' } as const]) await walk.move(move)
  const drifted = [0, 1, 2, 3].map((index) => aStatus(index, { state: 'drift', serving: '1.29.0' }))
  world.engine.status = () => Promise.resolve(drifted)

  await walk.move({ kind: 'time-passes' })
  expect(walk.screen(80, 24)).not.toMatch(/instead of|differ|in sync/u)
  await walk.move({ kind: 'run-ends' })

  expect(walk.screen(80, 24)).not.toContain('instead of')
  walk.commands.stopWatches()
})

test('what moves after a run of ours is news again', async () => {
  const world = createWorld(SEED)
  const walk = await startWalk(world)
  for (const move of [...START, { kind: 'run-ends' } as const]) await walk.move(move)
  world.engine.status = () => Promise.resolve([aStatus(0, { state: 'drift', serving: '1.12.0' })])

  await walk.move({ kind: 'time-passes' })

  expect(walk.screen(80, 24)).toContain('brew serves 1.12.0 instead of 1.30.0.')
  walk.commands.stopWatches()
})

test('the plan that is shown, the one that is confirmed and the one that runs are one plan with one id', async () => {
  const world = createWorld({ ...SEED, isBlocked: true })
  const walk = await startWalk(world)
  for (const move of keys('j', 'r', 'enter', 'e', 'b', 'space', 'enter')) await walk.move(move)
  const shown = walk.store.getState().plan?.plan
  await walk.move({ kind: 'key', key: 'X' })
  const { dialog } = walk.store.getState()
  await walk.move({ kind: 'type-what-is-asked' })

  expect(shown).toEqual(world.plan)
  expect(shown?.overrides).toEqual(['V08'])
  expect(shown?.excluded.map(({ status }) => status)).toEqual(['skipped'])
  expect(dialog).toMatchObject({ kind: 'confirm', reasonMode: 'required' })
  expect(dialog?.kind === 'confirm' && dialog.facts.join(' ')).toContain(`plan ${shown?.id.slice(-6)} ·`)
  expect(world.begun).toEqual({ ...shown, reason: 'x' })
  expect(walk.store.getState().run?.id).toBe(shown?.id)
  walk.commands.stopWatches()
})

test('a skipped registry is taken in again on its own row', async () => {
  const world = createWorld(SEED)
  const walk = await startWalk(world)
  for (const move of keys('j', 'r', 'enter', 'e', 'j', 'j', 'j')) await walk.move(move)
  expect(world.plan?.excluded).toHaveLength(1)

  await walk.move({ kind: 'key', key: 'e' })

  expect(world.plan?.excluded).toEqual([])
  expect(world.plan?.steps).toHaveLength(4)
  expect(walk.screen(80, 24)).toContain('Back in the plan: brew myapp.')
  walk.commands.stopWatches()
})

test('an old run that is looked at changes neither what q asks nor the exit code', async () => {
  const world = createWorld({ ...SEED, result: 'partial', exitCode: 6 })
  const walk = await startWalk(world)
  for (const move of START) await walk.move(move)
  walk.store.dispatch({ type: 'past.read', run: { id: 'OLD', command: '' }, events: [] })
  walk.commands.open('result')

  await walk.move({ kind: 'key', key: 'ctrl-c' })
  expect(walk.exitCode()).toBeUndefined()
  expect(walk.screen(80, 24)).toContain('A run is going on')
  await walk.move({ kind: 'run-ends' })

  expect(runExitCode(walk.store.getState())).toBe(6)
  walk.commands.stopWatches()
})

test('going on after a pause asks, pausing does not', async () => {
  const world = createWorld(SEED)
  const walk = await startWalk(world)
  for (const move of START) await walk.move(move)
  await walk.move({ kind: 'key', key: 'p' })
  expect(walk.store.getState().run?.isPaused).toBe(true)

  await walk.move({ kind: 'key', key: 'p' })
  expect(walk.screen(80, 24)).toContain('Stay paused')
  await walk.move({ kind: 'key', key: 'enter' })
  expect(walk.store.getState().run?.isPaused).toBe(true)
  for (const move of keys('p', 'down', 'enter')) await walk.move(move)

  expect(walk.store.getState().run?.isPaused).toBe(false)
  walk.commands.stopWatches()
})
