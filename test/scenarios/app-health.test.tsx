import { expect, test } from 'vitest'
import { BagboyError } from '../../src/errors/bagboy-error.ts'
import type { RollbackPlan } from '../../src/domain/plan.ts'
import { aPlan, anOverview, NOW } from '../support/app-builders.ts'
import { aScriptedEngine, MUTATING, playWholeRun, type ScriptedEngine } from '../support/app-engine.ts'
import { anAnalysisCheck, aMeasurement } from '../support/health-facts.ts'
import {
  aWatchedProbe,
  aCondition,
  failing,
  fireTrigger,
  loginFails,
  sampled,
  watchNext,
  watchStarted,
} from '../support/health-script.ts'
import { pause } from '../support/pause.ts'
import { aScriptedWatch, type ScriptedWatch } from '../support/scripted-watch.ts'
import { openApp, type Screen } from '../support/terminal.tsx'
import { until } from '../support/until.ts'

/** Keys that change the world are ignored for so long after a screen has changed. */
const GUARD_MS = 130

interface Watched {
  readonly engine: ScriptedEngine
  readonly watch: ScriptedWatch
  readonly screen: Screen
}

async function aWatchedApp(
  names: readonly string[] = ['health', 'login'],
  options: Parameters<typeof openApp>[1] = {},
  engine = aScriptedEngine(),
): Promise<Watched> {
  const watch = watchNext(engine, names)
  const screen = await openApp(engine, options)
  await screen.shows(`health ✓ ${names.length} of ${names.length}`)
  return { engine, watch, screen }
}

const mutations = ({ calls }: ScriptedEngine) => calls.filter((name) => MUTATING.some((one) => one === name))
const triggered = (): RollbackPlan => ({
  ...aPlan(),
  reason: 'automatic: login',
  trigger: { kind: 'health_check_failures' },
})

test('the home screen says how every check does: state, latencies, p50, p95, last answer, since when, and the next round', async () => {
  const { watch, screen } = await aWatchedApp()

  watch.emit(failing('login'))
  watch.emit({ type: 'phase.changed', signal: 'health.failed', from: 'monitoring', to: 'healthCheckFailed' })
  watch.emit({ type: 'trigger.evaluated', rules: [loginFails(1)] })

  await screen.shows('health ✗ 1 of 2 failing')
  const text = screen.text()
  expect(text).toMatch(/login +✗ failing +▁▁▁█ +12ms +2\.0s +500 +20:02:11Z/u)
  expect(text).toMatch(/health +✓ passing +▁▁▁ +12ms +12ms +200 +20:02:11Z/u)
  expect(text).toContain('1 of 2 failing ─ next 20:02:21Z')
  expect(text).toContain('[✗ HEALTH CHECK FAILED]')
  expect(text).toContain('✗ 1 of 2 failing. login: 500, 1 of 3  2 shows it')
  await screen.close()
})

test('between two rounds nothing is written, and a round costs little', async () => {
  const { watch, screen } = await aWatchedApp()
  await screen.shows('4 in sync')
  await pause(400)
  const idle = screen.bytesWritten

  await pause(1200)
  const stillIdle = screen.bytesWritten
  watch.emit(sampled('health', { latencyMs: 600 }))
  await screen.shows('▁▁▁▇')
  await pause(300)

  expect(stillIdle).toBe(idle)
  expect(screen.bytesWritten - idle).toBeLessThan(1000)
  await screen.close()
})

test('the health screen opens on what is wrong, with how near each trigger is and the raw evidence', async () => {
  const { watch, screen } = await aWatchedApp(['health', 'cache', 'login', 'search'])
  for (const round of [1, 2]) {
    watch.emit(failing('login'))
    watch.emit({
      type: 'trigger.evaluated',
      rules: [
        loginFails(round),
        {
          number: 2,
          result: 'not-met',
          conditions: [
            aCondition({
              kind: 'response_time_threshold',
              done: 0,
              needed: 2,
              threshold: '2s',
              comparison: '>',
              value: '140ms',
              samples: 24,
              check: '',
            }),
          ],
        },
      ],
    })
  }
  await screen.shows('2 of 3')

  await screen.press('2')

  await screen.shows('Evidence ─ login')
  const text = screen.text()
  expect(text).toMatch(/1 +failures in a row +2 of 3 +━+─+ +≥ 3, login, 500/u)
  expect(text).toMatch(/2 +response time p95 +0 of 2 +─+ +140ms > 2s from probes \(n=24\), not users/u)
  expect(text).toMatch(/▶ login/u)
  expect(text).toContain('{"error":"no session store"}')
  expect(text).toContain('proposes a rollback')
  await screen.press('enter')
  await screen.shows('60.0 % of the last 5 passed, 2 failing in a row')
  await screen.press('esc', 'g')
  await screen.shows('Evidence ─ health')
  await screen.press(']')
  await screen.shows('Evidence ─ login')
  await screen.press('space')
  expect(watch.asked).toEqual(['probe'])
  await screen.close()
})

test('a measured value stands with its query, its limit, and how often it was bad', async () => {
  const engine = aScriptedEngine()
  const watch = aScriptedWatch(NOW)
  engine.nextWatch = watch
  const check = anAnalysisCheck({ name: 'http-errors', query: 'errors / requests', failureLimit: 2, minSamples: 50 })
  const started = watchStarted([aWatchedProbe('login')], {
    analysis: { windowMs: 600_000, intervalMs: 30_000, initialDelayMs: 0, checks: [check] },
  })
  watch.emit(started)
  watch.emit(sampled('login'))
  const progress = {
    status: 'failed',
    failureCount: 3,
    inconclusiveCount: 0,
    successCount: 1,
    errorCount: 0,
    why: 'above its limit',
  } as const
  const measurement = aMeasurement({ check: 'http-errors', value: 0.0712, samples: 4210, baseline: 0.004 })
  watch.emit({ type: 'analysis.measured', measurement, progress })
  const screen = await openApp(engine)
  await screen.shows('7.12%')

  await screen.press('2')

  await screen.shows('Evidence ─ http-errors')
  const text = screen.text()
  expect(text).toMatch(/http-errors +✗ failed +bad 3 of > 2 +7\.12%/u)
  expect(text).toMatch(/Value +7\.12% +bad when > 5%/u)
  expect(text).toMatch(/Samples +4210/u)
  expect(text).toMatch(/Baseline +0\.4%/u)
  await screen.press('enter')
  await screen.shows('errors / requests')
  await screen.close()
})

test('a rollback that is about to happen counts down on every screen, and A stops it', async () => {
  const { engine, watch, screen } = await aWatchedApp()
  fireTrigger(watch)
  watch.emit({ type: 'countdown.started', plan: triggered(), ms: 10_000, endsAt: '2026-02-01T20:02:21.000Z' })
  await screen.shows('▲ Auto rollback to v1.29.0 in 0m10   A holds it')
  expect(screen.bellCount).toBe(1)
  await screen.press('4')
  await screen.shows('▲ Auto rollback to v1.29.0 in 0m10   A holds it')
  await pause(GUARD_MS)

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

  watch.emit({ type: 'countdown.started', plan: triggered(), ms: 10_000, endsAt: '2026-02-01T20:02:21.000Z' })

  await screen.shows('in 0m10   esc and A holds it')
  await screen.close()
})

test('when nobody stops it the very plan runs without a question; the old version is watched, and the exit code says how it does', async () => {
  const { engine, watch, screen } = await aWatchedApp()
  const plan = { ...triggered(), reason: 'automatic: login \u001B[2J' }
  fireTrigger(watch)
  watch.emit({ type: 'countdown.started', plan, ms: 10_000, endsAt: '2026-02-01T20:02:21.000Z' })
  watch.emit({ type: 'countdown.ended', by: 'time' })
  watch.emit({ type: 'rollback.approved', plan })
  const beside = watchNext(engine, ['health', 'login'], 1)
  watch.end({ kind: 'approved', plan })
  await screen.shows('─ Rollback')
  const question = { id: 'approve-plan', plan, typeToConfirm: plan.to, default: 'no' } as const
  expect(await engine.approver?.ask(question, new AbortController().signal)).toBe(plan.to)
  const window = watchNext(engine, ['health', 'login'], 1)

  playWholeRun(engine.nextRun, plan)
  await screen.shows('Health        ○ watched')

  expect(engine.requests[engine.calls.indexOf('run')]).toBe(plan)
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
  await pause(GUARD_MS)
  await screen.press('ctrl-c')
  expect(await screen.exit).toBe(11)
  expect(screen.text()).toContain('health  unhealthy: login: 500')
})

test('a proposal opens as a plan, and nothing runs before its version was typed', async () => {
  const { engine, watch, screen } = await aWatchedApp()
  fireTrigger(watch)
  watch.emit({ type: 'rollback.proposed', plan: triggered(), why: '' })
  await screen.shows('✗ login fails 3 of 3 (500)  r reviews the rollback to v1.29.0')

  await screen.press('r')
  await screen.shows('DRY RUN')
  await pause(GUARD_MS)
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

  await screen.shows('▲ http-errors can say nothing: the query gives NaN  2 shows it')
  expect(screen.rows()[1]).toContain(' [▲ NEEDS A PERSON]')
  await screen.close()
})

test('A arms what only proposes, and holds what is armed', async () => {
  const { watch, screen } = await aWatchedApp()
  await screen.press('2')
  await screen.shows('proposes a rollback')
  await pause(GUARD_MS)

  await screen.press('A')
  watch.emit({ type: 'mode.changed', mode: 'auto', why: 'armed by a person' })
  await screen.shows('rolls back by itself ─ armed by a person')
  await screen.press('A')

  expect(watch.asked).toEqual(['arm', 'hold'])
  await screen.close()
})

test('read-only means that nothing is rolled back, by whomever', async () => {
  const { engine, watch, screen } = await aWatchedApp(['login'], { isReadOnly: true })
  await pause(GUARD_MS)

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

test('where nothing is configured there is no panel, and the keys say why', async () => {
  const screen = await openApp(aScriptedEngine())
  await screen.shows('registries in sync')

  await screen.press('2')

  await screen.shows('2: bagboy.yaml names nothing that could be watched')
  expect(screen.text()).not.toContain('─ Health')
  await screen.close()
})

test('a watch that breaks off says so, and ctrl-r begins it again', async () => {
  const { engine, watch, screen } = await aWatchedApp(['login'])
  watch.fail(new BagboyError('HISTORY_INVALID', 'deployment-history.yml:3:1: not a map'))
  await screen.shows('Not watched: deployment-history.yml:3:1: not a map')
  expect(screen.text()).not.toContain('health ✓')
  watchNext(engine, ['login'])

  await screen.press('ctrl-r')

  await screen.shows('health ✓ 1 of 1')
  await screen.close()
})

test('foreign text in an answer moves no cursor and clears no screen', async () => {
  const { watch, screen } = await aWatchedApp(['login'])
  await screen.press('2')
  await screen.shows('Evidence ─ login')

  watch.emit(failing('login', { detail: 'gone\u001B[2J\u0007', evidence: 'GET /\n\u001B]0;owned\u0007\u202Ereversed' }))

  await screen.shows('1 failing in a row')
  expect(screen.text()).toContain('Checks')
  expect(screen.bellCount).toBe(0)
  await screen.close()
})

test.each([
  [80, 24, 1],
  [80, 24, 8],
  [80, 24, 60],
  [160, 48, 1],
  [160, 48, 8],
  [160, 48, 60],
  [60, 15, 8],
])(
  'at %i x %i with %i checks both screens keep their frame, and the worst is in sight',
  async (columns, rows, count) => {
    const names = Array.from({ length: count }, (_, index) => (index === count - 1 ? 'login' : `part-${index}`))
    const { watch, screen } = await aWatchedApp(names, { columns, rows })
    fireTrigger(watch)
    watch.emit({ type: 'rollback.proposed', plan: triggered(), why: '' })
    await screen.shows('✗ login fails 3 of 3')

    for (const way of [[], ['2']]) {
      await screen.press(...way)
      if (way.length > 0) await screen.shows('─ Checks')
      const lines = screen.rows()
      expect(lines).toHaveLength(rows)
      expect(lines[0]).toContain(`✗ 1 of ${count} failing`)
      expect(lines.at(-2)).toContain('✗ login fails 3 of 3')
      expect(lines.at(-1)).toContain('help')
      if (rows > 15 || way.length > 0) expect(screen.text()).toMatch(/login +(?:live +)?✗ failing/u)
      if (rows > 15 && count === 60 && way.length === 0) expect(screen.text()).toMatch(/the worst \d+ of 60/u)
    }
    await screen.close()
  },
)

test('ASCII shows the latencies too', async () => {
  const engine = aScriptedEngine()
  const watch = watchNext(engine, ['login'])
  const screen = await openApp(engine, { env: { LANG: 'C', NO_COLOR: '1' } })
  await screen.shows('health + 1 of 1')

  watch.emit(failing('login'))

  await screen.shows('___#')
  expect(screen.text()).toMatch(/^[\n -~]*$/u)
  await screen.close()
})

test('another version that goes live while the app is open is watched instead', async () => {
  const engine = aScriptedEngine({ overview: anOverview() })
  const { watch, screen } = await aWatchedApp(['login'], {}, engine)
  const deployed = { ...anOverview().history.deployments[0], id: 31, version: 'v1.31.0' }
  const next = watchNext(engine, ['login'], 0)
  const later = anOverview()
  const active = { ...later.active, ...deployed } as NonNullable<typeof later.active>
  engine.overview = async () => ({
    ...later,
    active,
    history: { ...later.history, deployments: [active, ...later.history.deployments] },
  })

  await screen.press('ctrl-r')

  await until('the other watch', () => engine.watchRequests.length === 2)
  expect(watch.asked).toEqual(['stop another watch begins'])
  next.emit(sampled('login', { at: NOW }))
  await screen.shows('live v1.31.0   health ✓ 1 of 1')
  await screen.close()
})
