import { expect, test } from 'vitest'
import { projectRun, type RunView } from '../../src/events/project-run.ts'
import type { Stamped } from '../../src/events/events.ts'
import { createAppStore } from '../../store/app-store.ts'
import { reduce } from '../../store/reduce.ts'
import { initialState, type AppState } from '../../store/state.ts'
import { anOverview, aPlan, aStatus, NOW } from '../support/builders/app-builders.ts'
import { aScriptedRun, playWholeRun } from '../support/harness/app-engine.ts'
import { isAtWork, shownRun } from '../../store/run/run-selectors.ts'
import { visibleDeployments } from '../../store/history/deployments.ts'
import { phaseOf } from '../../store/phase.ts'

const OPTIONS = { isReadOnly: false, canSavePlan: false, program: 'bagboy-tui' }

function aState(parts: Partial<AppState> = {}): AppState {
  return { ...initialState(OPTIONS, NOW), overview: anOverview(), ...parts }
}

async function recorded(): Promise<readonly Stamped[]> {
  const run = aScriptedRun('RUN')
  playWholeRun(run, aPlan())
  const events: Stamped[] = []
  for await (const event of run.handle) events.push(event)
  return events
}

test.each([1, 3, 1000])('events in batches of %i give the same view as the bare fold', async (size) => {
  const events = await recorded()
  const store = createAppStore(aState())
  store.dispatch({ type: 'run.opened', run: { id: 'RUN', command: '', isActive: true } })

  for (let at = 0; at < events.length; at += size) {
    store.dispatch({ type: 'run.events', events: events.slice(at, at + size), now: NOW })
  }

  expect(store.getState().run?.view).toEqual(events.reduce<RunView | undefined>(projectRun, undefined))
})

test('events that were seen before change neither view nor log', async () => {
  const events = await recorded()
  const opened = reduce(aState(), { type: 'run.opened', run: { id: 'RUN', command: '', isActive: true } })
  const once = reduce(opened, { type: 'run.events', events, now: NOW })

  const twice = reduce(once, { type: 'run.events', events, now: NOW })

  expect(twice.run).toEqual(once.run)
})

test('a screen is left the way it was entered', () => {
  const open = (state: AppState, screen: AppState['screen']) =>
    reduce(state, { type: 'screen.opened', screen, atMs: 1 })
  const deep = open(open(open(aState(), 'target'), 'plan'), 'step')

  const back = reduce(reduce(deep, { type: 'screen.left', atMs: 2 }), { type: 'screen.left', atMs: 3 })

  expect(deep.back).toEqual(['history', 'target', 'plan'])
  expect(back.screen).toBe('target')
})

test('a message does not follow to the next screen', () => {
  const said = reduce(aState(), { type: 'flash.shown', flash: { tone: 'info', text: 'hello' } })

  expect(reduce(said, { type: 'screen.opened', screen: 'runs', atMs: 1 }).flash).toBeNull()
})

test('filtering puts the cursor on the first hit', () => {
  const moved = reduce(aState(), { type: 'cursor.set', screen: 'history', index: 7 })

  const filtered = reduce(moved, { type: 'filter.changed', text: 'state:failed', isOpen: true })

  expect(filtered.cursors.history).toBe(0)
  expect(visibleDeployments(filtered).every(({ status }) => status === 'failed')).toBe(true)
})

test('the phase comes from the run that is shown, else from what is open', async () => {
  const events = await recorded()
  const opened = reduce(aState(), { type: 'run.opened', run: { id: 'RUN', command: '', isActive: true } })
  const running = reduce(opened, { type: 'run.events', events: events.slice(0, 4), now: NOW })

  expect(phaseOf(aState())).toBe('deployed')
  expect(phaseOf(aState({ screen: 'plan' }))).toBe('planning')
  expect(phaseOf(opened)).toBe('rollbackInitiated')
  expect(phaseOf(running)).toBe('rollbackInProgress')
})

test('what the registries served before a run is forgotten when it starts, and kept when an old one is looked at', () => {
  const state = aState({ registries: [aStatus(0)] })
  const started = reduce(state, { type: 'run.opened', run: { id: 'RUN', command: '', isActive: true } })
  const read = reduce(state, { type: 'past.read', run: { id: 'OLD', command: '' }, events: [] })

  expect([started.registries, read.registries]).toEqual([null, state.registries])
})

test('an old run that is read beside one in progress takes nothing from it', () => {
  const working = reduce(aState(), { type: 'run.opened', run: { id: 'RUN', command: '', isActive: true } })
  const looking = reduce(working, { type: 'past.read', run: { id: 'OLD', command: '' }, events: [] })

  expect(looking.run).toBe(working.run)
  expect(shownRun({ ...looking, screen: 'result' })?.id).toBe('OLD')
  expect(shownRun({ ...looking, screen: 'run' })?.id).toBe('RUN')
  expect(isAtWork(looking)).toBe(true)
})
