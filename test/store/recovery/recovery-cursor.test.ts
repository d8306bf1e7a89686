import { expect, test } from 'vitest'
import { projectRun, type RunView } from '../../../src/events/project-run.ts'
import { reduce } from '../../../store/reduce.ts'
import { initialState } from '../../../store/state.ts'
import { aPlan, aRecovery, NOW } from '../../support/builders/app-builders.ts'
import { aScriptedRun, startRun } from '../../support/harness/app-engine.ts'

async function aView(): Promise<RunView> {
  const run = aScriptedRun(aPlan().id)
  startRun(run, aPlan())
  run.end()
  let view: RunView | undefined
  for await (const event of run.handle) view = projectRun(view, event)
  if (!view) throw new Error('no view')
  return view
}

test('the resume screen opens on the first step that needs something, and stays where the operator went', async () => {
  const recovery = aRecovery(await aView())
  const state = initialState({ isReadOnly: false, canSavePlan: false, program: 'bagboy-tui' }, NOW)

  const opened = reduce(state, { type: 'recovery.read', recovery, now: NOW })
  const moved = reduce(opened, { type: 'cursor.set', screen: 'recovery', index: 3 })
  const readAgain = reduce(moved, { type: 'recovery.read', recovery, now: NOW })

  expect(recovery.steps[0]?.next).toBe('nothing')
  expect(opened.cursors.recovery).toBe(1)
  expect(readAgain.cursors.recovery).toBe(3)
})
