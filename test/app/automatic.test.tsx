import { expect, test } from 'vitest'
import { MUTATING, playWholeRun, type ScriptedEngine } from '../support/harness/app-engine.ts'
import { fireTrigger, watchNext } from '../support/engine/health-script.ts'
import { aWatchedApp, GUARD_MS, triggeredPlan } from '../support/harness/watched-app.ts'
import { until } from '../support/clocks/until.ts'

const mutations = ({ calls }: ScriptedEngine) => calls.filter((name) => MUTATING.some((one) => one === name))

test('a rollback that is about to happen counts down on every screen, and A stops it', async () => {
  const { engine, watch, screen } = await aWatchedApp()
  fireTrigger(watch)
  watch.emit({ type: 'countdown.started', plan: triggeredPlan(), ms: 10_000, endsAt: '2026-02-01T20:02:21.000Z' })
  await screen.shows('▲ Auto rollback to v1.29.0 in 0m10   A holds it')
  expect(screen.bellCount).toBe(1)
  await screen.press('4')
  await screen.shows('▲ Auto rollback to v1.29.0 in 0m10   A holds it')
  await screen.passes(GUARD_MS)

  await screen.press('A')
  await until('the veto', () => watch.asked.length > 0)
  watch.emit({ type: 'countdown.ended', by: 'veto' })
  watch.emit({ type: 'mode.changed', mode: 'propose', why: 'stopped by a person' })
  await screen.press('2')

  await screen.shows('proposes a rollback ─ stopped by a person')
  expect(watch.asked).toEqual(['veto'])
  expect(screen.text()).not.toContain('Auto rollback')
  expect(mutations(engine)).toEqual([])
  await screen.close()
})

test('while a dialog is open the countdown says how to get to its key', async () => {
  const { watch, screen } = await aWatchedApp()
  await screen.press('f')
  await screen.shows('healthy when deployed')

  watch.emit({ type: 'countdown.started', plan: triggeredPlan(), ms: 10_000, endsAt: '2026-02-01T20:02:21.000Z' })

  await screen.shows('in 0m10   esc and A holds it')
  await screen.close()
})

test('without a veto the run that the engine began is shown, the old version is watched, and the exit code says how it does', async () => {
  const { engine, watch, screen } = await aWatchedApp()
  const plan = { ...triggeredPlan(), reason: 'automatic: login \u001B[2J' }
  fireTrigger(watch)
  watch.emit({ type: 'countdown.started', plan, ms: 10_000, endsAt: '2026-02-01T20:02:21.000Z' })
  watch.emit({ type: 'countdown.ended', by: 'time' })
  watch.emit({ type: 'rollback.approved', plan })
  const beside = watchNext(engine, ['health', 'login'], 1)
  watch.end({ kind: 'approved', plan })
  await screen.shows('─ Rollback')
  const window = watchNext(engine, ['health', 'login'], 1)

  playWholeRun(engine.nextRun, plan)
  await screen.shows('Health        ○ being watched')

  expect(engine.requests[engine.calls.indexOf('attach')]).toBe(plan.id)
  expect(mutations(engine)).toEqual([])
  expect(beside.asked).toEqual(['stop another watch begins'])
  expect(engine.watchRequests.map(({ until: end, mode, judges }) => [end, mode, judges])).toEqual([
    ['stopped', undefined, undefined],
    ['stopped', 'off', undefined],
    ['window', 'off', 31],
  ])
  watchNext(engine, ['health', 'login'], 0)
  window.emit({ type: 'watch.judged', verdict: 'unhealthy', watchedMs: 12_000, why: 'login: 500', deploymentId: 31 })
  window.end({ kind: 'judged', verdict: 'unhealthy', why: 'login: 500' })
  await screen.shows('✗ UNHEALTHY, watched for 0m12')
  expect(screen.text()).toContain('login: 500')
  await screen.passes(GUARD_MS)
  await screen.press('ctrl-c')
  expect(await screen.exit).toBe(11)
  expect(screen.text()).toContain('health  unhealthy: login: 500')
})

test('a proposal opens as a plan, and nothing runs before its version was typed', async () => {
  const { engine, watch, screen } = await aWatchedApp()
  fireTrigger(watch)
  watch.emit({ type: 'rollback.proposed', plan: triggeredPlan(), why: '' })
  await screen.shows('✗ login fails 3 of 3 (500)  v reviews the rollback to v1.29.0')

  await screen.press('v')
  await screen.shows('DRY RUN')
  await screen.passes(GUARD_MS)
  await screen.press('X')
  await screen.shows('Type v1.29.0')

  expect(screen.text()).toContain('automatic: login')
  expect(engine.calls).not.toContain('plan')
  expect(mutations(engine)).toEqual([])
  await screen.close()
})

test('what was refused says why, and that nothing is rolled back', async () => {
  const { watch, screen } = await aWatchedApp()
  fireTrigger(watch)
  const error = {
    code: 'NOT_THIS_DEPLOY',
    message: 'This is probably not your deploy',
    hint: null,
    details: null,
  } as const

  watch.emit({ type: 'rollback.refused', error })

  await screen.shows('✗ This is probably not your deploy (login fails 3 of 3 (500))  2 shows it')
  await screen.close()
})

test('an analysis that can say nothing needs a person, before anything is planned', async () => {
  const { watch, screen } = await aWatchedApp()

  watch.emit({ type: 'analysis.inconclusive', check: 'http-errors', why: 'the query gives NaN' })
  watch.emit({
    type: 'phase.changed',
    signal: 'analysis.inconclusive',
    from: 'monitoring',
    to: 'manualIntervention',
  })

  await screen.shows('▲ http-errors is inconclusive: the query gives NaN  2 shows it')
  expect(screen.rows()[1]).toContain(' [▲ NEEDS A PERSON]')
  await screen.close()
})

test('A arms what only proposes, and holds what is armed', async () => {
  const { watch, screen } = await aWatchedApp()
  await screen.press('2')
  await screen.shows('proposes a rollback')
  await screen.passes(GUARD_MS)

  await screen.press('A')
  await screen.shows('Arm the automatic rollback')
  expect(watch.asked).toEqual([])
  await screen.types('v1.29.0')
  await screen.press('enter')
  await screen.passes(GUARD_MS)
  await screen.press('enter')
  await until('the arming', () => watch.asked.length > 0)
  watch.emit({ type: 'mode.changed', mode: 'auto', why: 'armed by a person' })
  await screen.shows('rolls back by itself ─ armed by a person')
  await screen.press('A')

  expect(watch.asked).toEqual(['arm', 'hold'])
  await screen.close()
})

test('armed stands on every screen with its target, and no longer once it is held', async () => {
  const { watch, screen } = await aWatchedApp()
  watch.emit({ type: 'mode.changed', mode: 'auto', why: 'armed by a person' })

  for (const keys of [['1'], ['2'], ['4'], ['5'], ['1', 'r'], ['?']]) {
    await screen.press(...keys)
    await screen.shows('AUTO→v1.29.0')
    await screen.press('esc')
  }
  await screen.resize(60, 15)
  await screen.shows('AUTO→v1.29.0')
  await screen.resize(45, 10)
  await screen.shows('AUTO→v1.29.0')
  watch.emit({ type: 'mode.changed', mode: 'propose', why: 'held by a person' })
  await screen.shows((text) => !text.includes('AUTO'))
  await screen.close()
})

test('read-only means that nothing is rolled back, by whomever', async () => {
  const { engine, watch, screen } = await aWatchedApp(['login'], { isReadOnly: true })
  await screen.passes(GUARD_MS)

  await screen.press('A')
  await screen.shows('A: read-only')

  expect(engine.watchRequests.map(({ mode }) => mode)).toEqual(['propose'])
  expect(watch.asked).toEqual([])
  await screen.close()
})

test('switching read-only on holds an automatic rollback', async () => {
  const { watch, screen } = await aWatchedApp(['login'])

  await screen.press('!')
  await screen.shows('Read-only for the rest')

  expect(watch.asked).toEqual(['hold'])
  await screen.close()
})
