import { expect, test } from 'vitest'
import { BagboyError } from '../../src/errors/bagboy-error.ts'
import type { DeployQuestion } from '../../src/events/deploy-events.ts'
import { aScriptedEngine, startRun } from '../support/harness/app-engine.ts'
import { aPlan } from '../support/builders/app-builders.ts'
import {
  aScriptedDeploy,
  aTrafficReport,
  passStages,
  withBalancer,
  type BalancedEngine,
  type ScriptedDeploy,
} from '../support/engine/deploy-script.ts'
import { pause } from '../support/clocks/pause.ts'
import { openApp, type Screen } from '../support/harness/terminal.tsx'
import { until } from '../support/clocks/until.ts'
import { GUARD_MS } from '../support/harness/watched-app.ts'

/** Keys that come closer together count as one burst. */
const AFTER_A_KEY_MS = 150

interface Open {
  readonly balancer: BalancedEngine
  readonly screen: Screen
}

async function aTrafficScreen(deploy?: ScriptedDeploy, options: Parameters<typeof openApp>[1] = {}): Promise<Open> {
  const balancer = withBalancer(aScriptedEngine(), deploy)
  const screen = await openApp(balancer.engine, options)
  await screen.shows('enter open')
  await screen.press('6')
  await screen.shows('HAProxy ─ read')
  await screen.passes(GUARD_MS)
  return { balancer, screen }
}

/** From the reason past Cancel to the button. */
async function accept(screen: Screen, reason = ''): Promise<void> {
  if (reason !== '') await screen.types(reason)
  await screen.press(...(screen.text().includes('Reason,') ? ['tab', 'tab'] : ['tab']))
  await screen.passes(AFTER_A_KEY_MS)
  await screen.press('enter')
}

const asks = (
  parts: Partial<DeployQuestion>,
): { readonly type: 'deploy.asked'; readonly question: DeployQuestion } => ({
  type: 'deploy.asked',
  question: {
    kind: 'changed',
    detail: 'somebody changed it',
    choices: ['take-theirs', 'abort'],
    error: null,
    ...parts,
  },
})

test('both slots stand with their version, share, state and requests, as the balancer says', async () => {
  const { balancer, screen } = await aTrafficScreen()

  expect(screen.text()).toMatch(/green +v1\.30\.0 +━+ +100 % +✓ up +12000 req/u)
  expect(screen.text()).toMatch(/blue +v1\.29\.0 +─+ +0 % +✓ up +120 req/u)
  expect(screen.text()).toContain('No deploy is open.')

  balancer.says(aTrafficReport({ warnings: ['no state file: a reload forgets the weights'] }, { blue: 30, green: 70 }))

  await screen.shows('70 %')
  expect(screen.text()).toMatch(/blue +v1\.29\.0 +━+─+ +30 %/u)
  expect(screen.text()).toContain('▲ no state file: a reload forgets the weights')
  await screen.close()
})

test('a deploy of another process is followed: its stages, the deadline of the one it stands at, the log', async () => {
  const deploy = aScriptedDeploy()
  const { screen } = await aTrafficScreen(deploy)

  passStages(deploy, 4, '2026-02-01T20:03:21.000Z')
  deploy.emit({
    type: 'traffic.moved',
    split: { blue: 10, green: 90 },
    status: 'moved',
    requests: null,
    error: null,
  })

  await screen.shows('[◐ pause 2m]')
  const text = screen.text()
  expect(text).toContain('✓ gate ─▶ ✓ 10 % ─▶ [◐ pause 2m] ─▶ analysis')
  expect(text).toMatch(/pause 2m +◐ going on +0m00 +1m10 left, then it goes on, at 20:03:21Z/u)
  expect(text).toMatch(/blue +v1\.31\.0 .*the new one/u)
  expect(text).toContain('read back: blue 10 %, green 90 %')
  await screen.close()
})

test('p pauses at once, and goes on after a question', async () => {
  const deploy = aScriptedDeploy()
  passStages(deploy, 4)
  const { balancer, screen } = await aTrafficScreen(deploy)
  await screen.shows('pause 2m]')

  await screen.press('p')
  await until('the command', () => balancer.asked.includes('pause: '))
  deploy.emit({ type: 'deploy.commanded', id: '1', command: 'pause', by: 'ana', reason: '', refusal: '' })
  await screen.shows('paused: nothing further is begun')
  await screen.press('p')
  await screen.shows('Go on with v1.31.0')
  await accept(screen)

  await until('the command', () => balancer.asked.includes('resume: '))
  await screen.close()
})

test('nothing is promoted or sent back before a dialog was answered', async () => {
  const deploy = aScriptedDeploy()
  passStages(deploy, 2)
  const { balancer, screen } = await aTrafficScreen(deploy)
  await screen.shows('[◐ gate]')

  await screen.press('P')
  await screen.shows('Promote v1.31.0')
  await screen.press('esc')
  await screen.shows('[◐ gate]')
  await screen.passes(GUARD_MS)
  await screen.press('B')
  await screen.shows('Take the traffic away from v1.31.0')
  expect(screen.text()).toContain('Everything goes back to blue 0 %, green 100 %')
  await accept(screen, '5xx')

  await until('the command', () => balancer.asked.includes('abort: 5xx'))
  expect(balancer.asked).toEqual(['follow', 'abort: 5xx'])
  await screen.close()
})

test('a deploy that ended behind the dialog is not said to have been sent back, and none is planned beside an open one', async () => {
  const deploy = aScriptedDeploy()
  passStages(deploy, 2)
  const { balancer, screen } = await aTrafficScreen(deploy)
  await screen.shows('[◐ gate]')
  await screen.press('r')
  await screen.shows('r: a deploy is open: end it first (6, then B)')
  await screen.press('B')
  await screen.shows('Take the traffic away from v1.31.0')
  deploy.emit({ type: 'deploy.finished', result: 'promoted', exitCode: 0, summary: '' })
  await pause(400)

  await accept(screen, '5xx')

  await screen.shows('Nothing was done: it is over (promoted).')
  expect(balancer.asked).toEqual(['follow'])
  await screen.close()
})

test('weights that somebody else changed are a question with its keys, on every screen', async () => {
  const deploy = aScriptedDeploy()
  passStages(deploy, 4)
  const { balancer, screen } = await aTrafficScreen(deploy)
  await screen.shows('pause 2m]')
  const bells = screen.bellCount

  deploy.emit(
    { type: 'traffic.changed', expected: { blue: 10, green: 90 }, found: { blue: 30, green: 70 } },
    asks({
      detail: 'blue 30 %, green 70 % instead of blue 10 %, green 90 %',
      choices: ['take-theirs', 'put-ours-back'],
    }),
  )
  await screen.shows('T leave it as it is   O put it back')
  expect(screen.bellCount).toBe(bells + 1)
  await screen.press('1')
  await screen.shows('▲ Deploy ─ v1.31.0 to blue waits: blue 30 %')
  await screen.press('6')
  await screen.shows('▲ needs you')
  await screen.passes(GUARD_MS)
  await screen.press('P')
  await screen.shows('P: it waits for one of: take-theirs, put-ours-back')
  await screen.press('T')
  await screen.shows('blue 30 %, green 70 % is kept from now on.')
  await accept(screen)

  await until('the command', () => balancer.asked.includes('take-theirs: '))
  await screen.close()
})

test('a deploy whose process is gone is taken up with R', async () => {
  const deploy = aScriptedDeploy()
  passStages(deploy, 4)
  const balancer = withBalancer(aScriptedEngine(), deploy)
  balancer.says(aTrafficReport({ open: deploy.view(), isWorkedOn: false }))
  const screen = await openApp(balancer.engine)
  await screen.shows('no process works on it  6 shows it')
  await screen.press('6')
  await screen.shows('no process works on it')
  expect(balancer.asked).toEqual([])
  await screen.passes(GUARD_MS)

  await screen.press('R')
  await screen.shows('Deadlines continue from where they are.')
  await accept(screen)

  await until('the deploy is taken up', () => balancer.asked.includes('resume '))
  await screen.close()
})

test('a command that finds nobody at work takes the deploy up with it; a refused one says why', async () => {
  const deploy = aScriptedDeploy()
  passStages(deploy, 2)
  const { balancer, screen } = await aTrafficScreen(deploy)
  await screen.shows('[◐ gate]')
  balancer.receives({ status: 'refused', why: 'it is over' })
  await screen.press('P')
  await screen.shows('Promote v1.31.0')
  await accept(screen)
  await screen.shows('Refused: it is over.')

  balancer.receives({ status: 'unattended', why: '' })
  await screen.press('P')
  await screen.shows('Promote v1.31.0')
  await accept(screen)

  await until('the deploy is taken up', () => balancer.asked.includes('resume promote: '))
  await screen.close()
})

test('S sends everybody to the other slot, once its version was typed', async () => {
  const deploy = aScriptedDeploy()
  const balancer = withBalancer(aScriptedEngine(), deploy)
  balancer.says(aTrafficReport())
  const screen = await openApp(balancer.engine)
  await screen.shows('registries in sync')
  await screen.press('6')
  await screen.shows('HAProxy ─ read')
  await screen.passes(GUARD_MS)

  await screen.press('S')
  await screen.shows('Send everybody to blue (v1.29.0)')
  expect(screen.text()).toContain('blue 0 %, green 100 %  →  blue 100 %, green 0 %')
  await screen.press('tab', 'tab', 'tab')
  await screen.passes(AFTER_A_KEY_MS)
  await screen.press('enter')
  expect(balancer.asked).toEqual(['plan 100'])
  await screen.press('esc')

  await screen.shows('No deploy is open.')
  expect(balancer.asked).toEqual(['plan 100'])
  await screen.close()
})

test('a way back that cannot be gone is left where it stands, and the dialog says just that', async () => {
  const deploy = aScriptedDeploy()
  passStages(deploy, 4)
  deploy.emit(
    {
      type: 'deploy.decided',
      direction: 'back',
      reason: 'ended by ana',
      evidence: null,
      isVersionBad: false,
      result: 'aborted',
    },
    asks({ kind: 'other-slot-failing', detail: 'green fails its own checks', choices: ['resume', 'take-theirs'] }),
  )
  const { screen } = await aTrafficScreen(deploy)
  await screen.shows('T leave it as it is')

  await screen.press('T')

  await screen.shows('End the deploy and leave the traffic where it stands')
  expect(screen.text()).not.toContain('somebody else')
  await screen.close()
})

test('evidence of a stage is a page to read', async () => {
  const deploy = aScriptedDeploy()
  passStages(deploy, 5)
  deploy.emit({
    type: 'stage.finished',
    stage: 5,
    result: 'failed',
    detail: 'http-errors 7.2% > 5%',
    evidence: { check: 'http-errors', value: '7.2%', query: 'sum(rate(x[2m]))' },
    isVersionBad: true,
    durationMs: 30_000,
  })
  const { screen } = await aTrafficScreen(deploy)
  await screen.shows('http-errors 7.2% > 5%')

  await screen.press('g', 'j', 'j', 'j', 'j', 'j', 'enter')

  await screen.shows('"query": "sum(rate(x[2m]))"')
  await screen.close()
})

test('a balancer that cannot be read says so and keeps what was read last', async () => {
  const { balancer, screen } = await aTrafficScreen()

  balancer.says(new BagboyError('REGISTRY_UNREACHABLE', 'HAProxy: no socket at /run/haproxy.sock'))

  await screen.shows('▲ HAProxy: no socket at /run/haproxy.sock (REGISTRY_UNREACHABLE)')
  expect(screen.text()).toMatch(/green +v1\.30\.0 +━+ +100 %/u)
  await screen.close()
})

test('the slots stand beside a run, as the balancer says meanwhile', async () => {
  const balancer = withBalancer(aScriptedEngine())
  const { engine } = balancer
  const screen = await openApp(engine, {
    initialRollback: { target: 'v1.29.0', only: [], except: [], reason: '', incident: '', overrides: [] },
  })
  await screen.shows('DRY RUN')
  await screen.passes(GUARD_MS)
  await screen.press('X')
  await screen.shows('Type v1.29.0')
  await screen.types('bad release')
  await screen.press('tab')
  await screen.types('v1.29.0')
  await screen.press('tab', 'tab')
  await screen.passes(AFTER_A_KEY_MS)
  await screen.press('enter')
  startRun(engine.nextRun, aPlan())
  await screen.shows('─ Traffic ─')

  balancer.says(aTrafficReport({}, { blue: 100, green: 0 }))

  await screen.shows((text) => /blue +v1\.29\.0 +━+ +100 %/u.test(text))
  await screen.close()
})

test('without a balancer the key says what is missing', async () => {
  const screen = await openApp(aScriptedEngine())
  await screen.shows('registries in sync')

  await screen.press('6')

  await screen.shows('6: bagboy.yaml names no balancer')
  await screen.close()
})

test('what others wrote moves no cursor and clears no screen', async () => {
  const deploy = aScriptedDeploy()
  passStages(deploy, 4)
  deploy.emit(asks({ detail: 'gone\u001B[2J\u0007', choices: ['abort'] }))
  const { balancer, screen } = await aTrafficScreen(deploy)
  balancer.says(aTrafficReport({ open: deploy.view(), isWorkedOn: true, warnings: ['a\u001B]0;b\u0007'] }))

  await screen.shows('▲ a')

  expect(screen.text()).toContain('Slots')
  await screen.close()
})

test.each([
  [80, 24],
  [160, 48],
  [60, 15],
])('at %i x %i the frame stands, with what is asked in sight', async (columns, rows) => {
  const deploy = aScriptedDeploy()
  passStages(deploy, 6)
  deploy.emit(asks({ detail: 'blue fails its own checks: login 500', choices: ['resume', 'abort'] }))
  const { screen } = await aTrafficScreen(deploy, { columns, rows })

  await screen.shows('blue fails its own checks: login 500')

  const lines = screen.rows()
  expect(lines).toHaveLength(rows)
  expect(lines.at(-1)).toContain('help')
  expect(screen.text()).toContain('p try again')
  expect(screen.text()).toMatch(/green +v1\.30\.0 /u)
  await screen.close()
})

test('leaving the app ends the work on a deploy, and leaves it open', async () => {
  const deploy = aScriptedDeploy()
  passStages(deploy, 4)
  const { screen } = await aTrafficScreen(deploy)
  await screen.shows('pause 2m]')

  await screen.press('ctrl-c')
  await screen.exit

  expect(deploy.calls).toEqual(['stop the app is left'])
})
