import { expect, test } from 'vitest'
import { aPlan } from '../support/builders/app-builders.ts'
import {
  aScriptedEngine,
  finishStep,
  playWholeRun,
  startRun,
  type ScriptedEngine,
} from '../support/harness/app-engine.ts'
import { openApp, type Screen } from '../support/harness/terminal.tsx'
import { pause } from '../support/clocks/pause.ts'

const GUARD_MS = 130
/** From the history to the dialog before the run. */
async function toConfirmation(screen: Screen): Promise<void> {
  await screen.shows('v1.30.0')
  await screen.press('j', 'r')
  await screen.shows('Roll back v1.30.0 to')
  await screen.press('enter')
  await screen.shows('DRY RUN')
  await screen.passes(GUARD_MS)
  await screen.press('X')
  await screen.shows('Roll back PRODUCTION')
}

/** Presses the button once Enter counts again. */
async function pressButton(screen: Screen): Promise<void> {
  await screen.passes(520)
  await screen.press('enter')
}

async function confirm(screen: Screen): Promise<void> {
  await screen.types('bad release')
  await screen.press('tab')
  await screen.types('v1.29.0')
  await screen.press('tab', 'tab')
  await pressButton(screen)
  await screen.shows('Taking the lock')
}

test('an operator rolls a bad release back with keys alone and reads what is true now', async () => {
  const engine = aScriptedEngine()
  const plan = aPlan()
  const screen = await openApp(engine)

  await toConfirmation(screen)
  await confirm(screen)
  startRun(engine.nextRun, plan)
  finishStep(engine.nextRun, plan.steps[2]?.id ?? '')
  await screen.shows('1 done')
  await screen.shows('IN PROGRESS')
  expect(screen.text()).toMatch(/docker\s+━{16}\s+✓ done/u)
  expect(screen.text()).toMatch(/npm\s+─{16}\s+○ waiting/u)
  playRest(engine)
  await screen.shows('COMPLETE: every registry was read back')

  expect(screen.text()).toContain('Exit code     0   history entry 31')
  expect(screen.text()).toMatch(/brew\s+✓ done\s+✓ serves 1\.29\.0/u)
  expect(engine.requests[engine.calls.indexOf('run')]).toMatchObject({ id: plan.id, reason: 'bad release' })
  await screen.press('enter', 'q')
  expect(await screen.exit).toBe(0)
  expect(screen.isAlternate).toBe(false)
  expect(screen.isRaw).toBe(false)
  await screen.shows('v1.30.0 -> v1.29.0  COMPLETE  4 of 4 done')
})

function playRest(engine: ScriptedEngine): void {
  const plan = aPlan()
  for (const step of plan.steps) if (step.package.format !== 'docker') finishStep(engine.nextRun, step.id)
  engine.nextRun.emit({
    type: 'sweep.finished',
    observations: plan.steps.map((step) => ({ step: step.id, pointer: step.want, serving: '1.29.0', agrees: true })),
  })
  engine.nextRun.emit({ type: 'history.committed', deploymentId: 31, revision: 4 })
  engine.nextRun.emit({ type: 'run.finished', result: 'complete', exitCode: 0, summary: 'all done' })
  engine.nextRun.end()
}

test('the walk-through shows each step with its text before and after', async () => {
  const screen = await openApp(aScriptedEngine())
  await screen.shows('v1.30.0')
  await screen.press('j', 'r', 'enter')
  await screen.shows('DRY RUN')

  await screen.press('enter')
  await screen.shows('Step 1 of 4')
  expect(screen.text()).toMatch(/version "1\.30\.0"\s+│~\s+version "1\.29\.0"/u)
  await screen.press('n', 'n', 'n')
  await screen.shows('Step 4 of 4 ─ npm @acme/myapp')
  expect(screen.text()).toContain('a lockfile stays')
  await screen.press('n')
  await screen.shows('That was the last step')
  await screen.press('p')
  await screen.shows('Step 3 of 4')
  await screen.close()
})

test('Enter in an empty dialog goes from field to field to Cancel, and never to the button', async () => {
  const engine = aScriptedEngine()
  const screen = await openApp(engine)
  await toConfirmation(screen)

  await screen.press('enter', 'enter', 'enter')
  await screen.shows((text) => !text.includes('Roll back PRODUCTION'))

  expect(engine.calls).not.toContain('run')
  await screen.close()
})

test('a held Enter stops at the button and says so; the next one counts', async () => {
  const engine = aScriptedEngine()
  const screen = await openApp(engine)
  await toConfirmation(screen)
  await screen.press('enter')
  await screen.types('v1.29.0')

  screen.sends('\r\r')
  await screen.shows('That Enter came together with another key. Press it again.')
  expect(engine.calls).not.toContain('run')
  await screen.passes(120)
  await screen.press('enter')

  await screen.shows('Taking the lock')
  expect(engine.calls).toContain('run')
  await screen.close()
})

test('a letter on a button does nothing and says so', async () => {
  const engine = aScriptedEngine()
  const screen = await openApp(engine)
  await toConfirmation(screen)
  await screen.press('enter')
  await screen.types('v1.29.0')
  await screen.press('tab', 'x')

  await screen.shows('A button takes no text. Tab goes to a field.')
  expect(screen.text()).toMatch(/┃ v1\.29\.0 /u)
  expect(screen.text()).toContain('[ Cancel ]')
  await screen.close()
})

test('a pasted version does not open the button', async () => {
  const engine = aScriptedEngine()
  const screen = await openApp(engine)
  await toConfirmation(screen)

  await screen.press('tab')
  screen.sends('\u001B[200~v1.29.0\r\u001B[201~')
  await screen.shows('Pasting here is off')
  await screen.press('tab', 'tab')
  await pressButton(screen)

  expect(screen.text()).toContain('not yet: 7 more characters')
  expect(engine.calls).not.toContain('run')
  await screen.close()
})

test('keys pasted into a screen do nothing', async () => {
  const engine = aScriptedEngine()
  const screen = await openApp(engine)
  await screen.shows('4 registries in sync')
  const before = screen.text()

  screen.sends('\u001B[200~qqqXR\r\u001B[201~')
  await pause(80)

  expect(screen.text()).toBe(before)
  await screen.close()
})

test('an upper-case key that was typed for the screen before is dropped', async () => {
  const screen = await openApp(aScriptedEngine())
  await screen.shows('v1.30.0')
  await screen.press('j', 'r')
  await screen.shows('Roll back v1.30.0 to')

  screen.sends('\rX')
  await screen.shows('DRY RUN')

  expect(screen.text()).not.toContain('Roll back PRODUCTION')
  await screen.close()
})

test('a question of the engine becomes a dialog whose default does nothing', async () => {
  const engine = aScriptedEngine()
  const screen = await openApp(engine)
  await toConfirmation(screen)
  await confirm(screen)
  startRun(engine.nextRun, aPlan())

  const asked = engine.approver?.ask(
    { id: 'after-partial-failure', failed: ['npm:myapp'], options: ['continue', 'undo', 'stop'], default: 'stop' },
    new AbortController().signal,
  )
  await screen.shows('Some registries failed')
  await pressButton(screen)

  expect(await asked).toBe('stop')
  await screen.shows('IN PROGRESS')
  await screen.close()
})

test('ctrl-c during a run asks, and stopping lets the steps in flight finish', async () => {
  const engine = aScriptedEngine()
  const screen = await openApp(engine)
  await toConfirmation(screen)
  await confirm(screen)
  startRun(engine.nextRun, aPlan())
  await screen.shows('IN PROGRESS')

  await screen.press('p')
  await screen.shows('PAUSED')
  await screen.press('p')
  await screen.shows('Stay paused')
  await screen.press('j')
  await pressButton(screen)
  await screen.shows('IN PROGRESS')
  await screen.press('ctrl-c')
  await screen.shows('A run is going on')
  await screen.press('j')
  await pressButton(screen)

  await screen.shows((text) => !text.includes('A run is going on'))
  expect(engine.nextRun.calls).toEqual(['pause', 'unpause', 'abort stopped by the operator'])
})

test('a terminal that does not read gets the newest picture when it reads again', async () => {
  const engine = aScriptedEngine()
  const screen = await openApp(engine)
  await toConfirmation(screen)
  await confirm(screen)
  const bytes = screen.bytesWritten

  screen.stall(true)
  playWholeRun(engine.nextRun, aPlan())
  await pause(600)
  const whileStalled = screen.bytesWritten
  screen.stall(false)

  await screen.shows('COMPLETE: every registry was read back')
  expect(whileStalled).toBe(bytes)
})
