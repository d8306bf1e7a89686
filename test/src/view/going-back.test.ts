import { describe, expect, test } from 'vitest'
import { renderEvent } from '../../../src/view/run/event-line.ts'
import { renderRun } from '../../../src/view/run/run-lines.ts'
import { printLines, type Line } from '../../../src/view/text.ts'
import type { Config } from '../../../src/config/config.ts'
import type { RunOutcome } from '../../../src/engine/engine.ts'
import { aRequest, createEngineFixture, defaultApprover } from '../../support/engine/engine-fixture.ts'

const ONE_ATTEMPT = { attempts: 1, backoffMs: 1, maxBackoffMs: 5, jitter: false }

const aFixture = (config: Partial<Config['rollback']> = {}) =>
  createEngineFixture({ registries: ['one', 'two'], config: { retry: ONE_ATTEMPT, ...config } })

const textOf = ({ view }: RunOutcome): string => printLines(renderRun(view), false)
const colored = ({ view }: RunOutcome): string => printLines(renderRun(view), true)
const GREEN = '\u001b[32m'

describe('a rollback that is taken back after a failure', () => {
  const takenBack = async () => {
    const { engine, world } = await aFixture({ onPartialFailure: 'undo' })
    world.registry('two').faults.push('forbidden')
    const outcome = await engine.run(await engine.plan(aRequest('v1.2.0')), defaultApprover).result
    return { outcome, engine }
  }

  test('is told as going back, and is not green', async () => {
    const { outcome } = await takenBack()

    expect(textOf(outcome)).toMatch(
      /^Taken back after a failure: .*v1\.3\.0 → v1\.2\.0 undone: 2 of 2 registries as this run found them\.\n/u,
    )
    expect(colored(outcome).startsWith(GREEN)).toBe(false)
    expect(textOf(outcome)).not.toContain('Manual steps')
    expect(textOf(outcome)).toMatch(/Show it: bagboy-tui runs show \w{26}\n$/u)
  })

  test('says in its progress which version is restored', async () => {
    const { outcome, engine } = await takenBack()
    const { events, view } = await engine.readRun(outcome.id)

    const undoing = events.flatMap((event) =>
      event.type === 'step.intent' && event.direction === 'undo' ? [renderEvent(event, view)] : [],
    )

    expect(printLines(undoing as readonly Line[], false)).toMatch(/undoing +memory hello @ one +back to v1\.3\.0\n$/u)
  })
})

describe('an undo that is refused in part', () => {
  const halfBack = async () => {
    const { engine, world } = await aFixture()
    const there = await engine.run(await engine.plan(aRequest('v1.2.0')), defaultApprover).result
    world.registry('two').faults.push('forbidden')
    return { engine, outcome: await engine.undo(there.id, defaultApprover, 'not the release').result }
  }

  test('of a finished run lists the commands that lead back, and the run that goes on with it', async () => {
    const { outcome } = await halfBack()

    const text = textOf(outcome)

    expect(text).toContain('  memory point latest v1.3.0\n  memory point stable v1.3.0\n')
    expect(text).not.toContain('memory point latest v1.2.0')
    expect(text).toContain(`Resume it: bagboy-tui runs resume ${outcome.id}`)
  })

  test('of an open run does so as well', async () => {
    const { engine, world } = await aFixture()
    world.registry('two').faults.push('lost-answer')
    const there = await engine.run(await engine.plan(aRequest('v1.2.0')), defaultApprover).result
    world.registry('two').faults.push('forbidden')

    const outcome = await engine.undo(there.id, defaultApprover, 'not the release').result

    const text = textOf(outcome)
    expect(text).toMatch(/^Taken back in part: .*going back to v1\.3\.0: PARTIAL: 1 of 2 registries as this run found/u)
    expect(text).toContain('to go back to v1.3.0 where this run did not')
    expect(text).toContain('  memory point latest v1.3.0\n')
    expect(text).not.toContain('memory point latest v1.2.0')
  })
})

test('a run that is closed and left something out is told how to take the rest back, not to resume', async () => {
  const { engine, world } = await aFixture()
  world.registry('two').isDown = true
  const plan = await engine.plan(aRequest('v1.2.0'))
  const { view } = await engine.run(plan, defaultApprover).result
  await engine.skipStep(plan.id, view.steps[1]?.id ?? '', 'it is down')

  const outcome = await engine.resume(plan.id, defaultApprover).result

  expect(outcome.result).toBe('partial')
  expect(textOf(outcome)).toContain(`Take it back: bagboy-tui runs undo ${plan.id}`)
  world.registry('two').isDown = false
  expect(await engine.undo(plan.id, defaultApprover, 'not the release').result).toMatchObject({ exitCode: 0 })
})
