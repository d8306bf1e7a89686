import { expect, test } from 'vitest'
import { manualSteps } from '../../../components/recovery/manual-steps.ts'
import { outcomeLines } from '../../../components/run/result-lines.ts'
import { resultWord, runSummary } from '../../../components/run/run-summary.ts'
import type { RunOutcome } from '../../../src/engine/engine.ts'
import { initialState } from '../../../store/state.ts'
import { NOW } from '../../support/builders/app-builders.ts'
import { aRequest, createEngineFixture, defaultApprover } from '../../support/engine/engine-fixture.ts'
import type { RunState } from '../../../store/run/run-state.ts'

const STATE = initialState({ isReadOnly: false, canSavePlan: false, program: 'bagboy-tui' }, NOW)
const ONE_ATTEMPT = { attempts: 1, backoffMs: 1, maxBackoffMs: 5, jitter: false }

/** A run that has ended, as the app holds it. */
const shown = ({ view, result, exitCode }: RunOutcome): RunState => ({
  id: view.id,
  view,
  log: [],
  isActive: false,
  isPaused: false,
  isAborting: false,
  outcome: { result, exitCode },
  error: null,
  command: '',
  health: null,
})

const wordsOf = (outcome: RunOutcome): string =>
  outcomeLines(shown(outcome), 100, { watchedUntil: null, exit: String(outcome.exitCode) })
    .map((line) => line.map(({ text }) => text).join(''))
    .join('\n')

test('a rollback that was taken back after a failure is no success on the result screen', async () => {
  const { engine, world } = await createEngineFixture({
    registries: ['one', 'two'],
    config: { retry: ONE_ATTEMPT, onPartialFailure: 'undo' },
  })
  world.registry('two').faults.push('forbidden')

  const outcome = await engine.run(await engine.plan(aRequest('v1.2.0')), defaultApprover).result

  expect(wordsOf(outcome)).toContain('TAKEN BACK AFTER A FAILURE')
  expect(resultWord(shown(outcome))).toBe('TAKEN BACK')
})

test('an undo that is refused in part says so, and gives the commands that lead back', async () => {
  const { engine, world } = await createEngineFixture({ registries: ['one', 'two'], config: { retry: ONE_ATTEMPT } })
  world.registry('two').faults.push('lost-answer')
  const there = await engine.run(await engine.plan(aRequest('v1.2.0')), defaultApprover).result
  world.registry('two').faults.push('forbidden')

  const outcome = await engine.undo(there.id, defaultApprover, 'not the release').result

  expect(wordsOf(outcome)).toContain('TAKEN BACK IN PART')
  expect(resultWord(shown(outcome))).toBe('PARTIAL (GOING BACK)')
  const run = shown(outcome)
  expect(manualSteps({ ...STATE, screen: 'result', run })).toEqual([
    'memory hello: Restore memory to v1.3.0',
    '  memory point latest v1.3.0',
    '  memory point stable v1.3.0',
    '',
  ])
})

test('the summary of an undo that was opened by the run it took back names its own run', async () => {
  const { engine } = await createEngineFixture({ registries: ['one'] })
  const there = await engine.run(await engine.plan(aRequest('v1.2.0')), defaultApprover).result
  const back = await engine.undo(there.id, defaultApprover, 'not the release').result

  const summary = runSummary(STATE, { ...shown(back), id: there.id })

  expect(summary).toContain(`runs undo ${back.view.id}\n`)
  expect(summary).not.toContain(there.id)
})
