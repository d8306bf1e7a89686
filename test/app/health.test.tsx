import { expect, test } from 'vitest'
import { BagboyError } from '../../src/errors/bagboy-error.ts'
import { anOverview, NOW } from '../support/builders/app-builders.ts'
import { aScriptedEngine } from '../support/harness/app-engine.ts'
import { anAnalysisCheck, aMeasurement } from '../support/builders/health-facts.ts'
import {
  aWatchedProbe,
  aCondition,
  failing,
  fireTrigger,
  loginFails,
  sampled,
  watchNext,
  watchStarted,
} from '../support/engine/health-script.ts'
import { pause } from '../support/clocks/pause.ts'
import { aScriptedWatch } from '../support/engine/scripted-watch.ts'
import { openApp } from '../support/harness/terminal.tsx'
import { aWatchedApp, triggeredPlan } from '../support/harness/watched-app.ts'
import { until } from '../support/clocks/until.ts'
test('the home screen says how every check does: state, latencies, p50, p95, last answer, since when, and the next round', async () => {
  const { watch, screen } = await aWatchedApp()

  watch.emit(failing('login'))
  watch.emit({ type: 'phase.changed', signal: 'health.failed', from: 'monitoring', to: 'healthCheckFailed' })
  watch.emit({ type: 'trigger.evaluated', rules: [loginFails(1)] })

  await screen.shows('health ✗ 1 of 2 failing')
  const text = screen.text()
  expect(text).toMatch(/login +✗ failing +▁▁▁x +12ms +12ms +500 +20:02:11Z/u)
  expect(text).toMatch(/health +✓ passing +▁▁▁ +12ms +12ms +200 +20:02:11Z/u)
  expect(text).toContain('live: 1 of 2 failing ─ next 20:02:21Z')
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
  expect(text).toMatch(/1 +failures in a row +2 of 3 +━+─+ +fires at 3, login, 500/u)
  expect(text).toMatch(/2 +response time p95 +0 of 2 +─+ +140ms ≤ 2s, from probes \(n=24\), not users/u)
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
  expect(text).toMatch(/http-errors +✗ failed +3 bad, max 2 +7\.12%/u)
  expect(text).toMatch(/Value +7\.12% +bad when > 5%/u)
  expect(text).toMatch(/Samples +4210/u)
  expect(text).toMatch(/Baseline +0\.4%/u)
  await screen.press('enter')
  await screen.shows('errors / requests')
  await screen.close()
})

test('where nothing is configured there is no panel, and the keys say why', async () => {
  const screen = await openApp(aScriptedEngine())
  await screen.shows('registries in sync')

  await screen.press('2')

  await screen.shows('2: bagboy.yaml configures no health checks')
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
    watch.emit({ type: 'rollback.proposed', plan: triggeredPlan(), why: '' })
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

  await screen.shows('___x')
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
