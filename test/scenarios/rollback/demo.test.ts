import { afterEach, expect, test } from 'vitest'
import { openDemo, servedByDemo, type DemoSession } from '../../support/harness/demo-session.ts'
import type { Terminal } from '../../support/harness/pty.ts'
import { pause } from '../../support/clocks/pause.ts'
import { until } from '../../support/clocks/until.ts'

/** Enter is deaf for so long after a key, and a little more. */
const AFTER_A_KEY_MS = 650
/** Upper-case keys count again so long after the screen has changed. */
const AFTER_A_SCREEN_MS = 200

const sessions: DemoSession[] = []

afterEach(async () => {
  for (const { terminal } of sessions.splice(0)) {
    terminal.hangUp()
    await terminal.exitCode
  }
})

async function aDemo(): Promise<DemoSession> {
  const session = openDemo()
  sessions.push(session)
  await session.terminal.shows((screen) => screen.match(/✓ serves 1\.17\.0/gu)?.length === 4)
  return session
}

/** From the history to a run, with keys alone. */
async function rollBack(terminal: Terminal): Promise<void> {
  await terminal.press('r')
  await terminal.shows('the last good version')
  await terminal.press('enter')
  await terminal.shows('DRY RUN')
  await confirm(terminal)
}

async function confirm(terminal: Terminal): Promise<void> {
  await pause(AFTER_A_SCREEN_MS)
  await terminal.press('X')
  await terminal.shows('Roll back PRODUCTION')
  await terminal.types('login is broken')
  await terminal.press('tab')
  await terminal.types('v1.16.0')
  await terminal.press('tab', 'tab')
  await terminal.shows((screen) => screen.includes('[ Roll back ]') && !screen.includes('not yet'))
  await pause(AFTER_A_KEY_MS)
  await terminal.press('enter')
  await terminal.shows('IN PROGRESS')
}

const everywhere = (version: string) => ({ docker: version, npm: version, brew: version, scoop: version })

test('an operator takes the bad release back with keys alone, and every client sees what the screen says', async () => {
  const demo = await aDemo()
  const { terminal } = demo
  expect(terminal.screen()).toMatch(/▶ v1\.17\.0 .*● live .*✗ unhealthy/u)
  expect(terminal.screen()).toMatch(/v1\.16\.0 .*✓ healthy/u)
  expect(await servedByDemo(terminal)).toEqual(everywhere('1.17.0'))

  await terminal.press('r')
  await terminal.shows('the last good version')
  await terminal.press('enter')
  await terminal.shows(/Plan: v1\.17\.0 → v1\.16\.0 .*DRY RUN ─ nothing changed/u)
  for (const [index, format] of ['docker', 'npm', 'brew', 'scoop'].entries()) {
    await terminal.press(index === 0 ? 'enter' : 'n')
    await terminal.shows(`Step ${index + 1} of 4 ─ ${format} hello`)
  }
  await terminal.press('esc')
  await terminal.shows('EXECUTE…')
  expect(await servedByDemo(terminal)).toEqual(everywhere('1.17.0'))

  await confirm(terminal)
  const percents: number[] = []
  const bars = new Set<string>()
  await terminal.shows((screen) => {
    for (const [, name = ''] of screen.matchAll(/ (\w+) +━+─* +[◐✓] /gu)) bars.add(name)
    percents.push(Number(/ (\d+) %/u.exec(screen)?.[1] ?? 100))
    return screen.includes('COMPLETE: every registry was read back')
  })
  expect([...bars].toSorted()).toEqual(['brew', 'docker', 'npm', 'scoop'])
  expect(percents).toEqual(percents.toSorted((a, b) => a - b))
  expect(percents.some((percent) => percent > 0 && percent < 100)).toBe(true)
  for (const name of ['docker', 'npm', 'brew', 'scoop']) {
    expect(terminal.screen()).toMatch(new RegExp(`${name} +✓ done +✓ serves 1\\.16\\.0`, 'u'))
  }
  expect(await servedByDemo(terminal)).toEqual(everywhere('1.16.0'))
  await terminal.press('enter')
  await terminal.shows(/v1\.16\.0 .*● live .*rollback/u)
  expect(terminal.screen()).toMatch(/v1\.17\.0 .*↺ rolled back .*⊘ held/u)

  expect(demo.sandboxes()).toHaveLength(1)
  await terminal.press('q')
  expect(await demo.ending()).toEqual({ exitCode: 0, isTerminalAsBefore: true })
  expect(demo.sandboxes()).toEqual([])
  expect(terminal.isAlternate).toBe(false)
  expect(terminal.transcript()).toContain('v1.17.0 -> v1.16.0  COMPLETE  4 of 4 done')
  expect(terminal.transcript()).toContain('That was a sandbox. It is removed')
}, 180_000)

test('the window may change its size while a run is going on, and ctrl-c asks before anything stops', async () => {
  const { terminal } = await aDemo()
  await rollBack(terminal)
  await terminal.press('p')
  await terminal.shows('PAUSED')

  terminal.resize(160, 48)
  await terminal.shows(/^╭─ Rollback ─{80}/mu)
  expect(terminal.screen()).toMatch(/docker +[━─]{32} /u)
  expect(widest(terminal)).toBe(160)
  terminal.resize(60, 15)
  await terminal.shows((screen) => !screen.includes('╭') && /docker +[━─]+/u.test(screen))
  expect(widest(terminal)).toBe(60)
  expect(terminal.screen()).toMatch(/scoop +[━─]+/u)
  terminal.resize(40, 8)
  await terminal.shows(/^PAUSED \d\/4/mu)
  terminal.resize(80, 24)
  await terminal.shows('─ Log ─')

  await terminal.press('ctrl-c')
  await terminal.shows('A run is going on')
  await terminal.press('esc')
  await terminal.shows((screen) => !screen.includes('A run is going on') && screen.includes('PAUSED'))
  await terminal.press('p')
  await terminal.shows('Stay paused')
  await terminal.press('j')
  await pause(150)
  await terminal.press('enter')
  await terminal.shows('COMPLETE: every registry was read back')
  expect(widest(terminal)).toBe(80)
}, 180_000)

/** Columns of the widest row. */
function widest(terminal: Terminal): number {
  return Math.max(
    ...terminal
      .screen()
      .split('\n')
      .map((row) => row.trimEnd().length),
  )
}

test('stopping from the dialog leaves a run that can be resumed, and the exit code says so', async () => {
  const demo = await aDemo()
  const { terminal } = demo
  await rollBack(terminal)
  await terminal.press('p')
  await terminal.shows('PAUSED')

  await terminal.press('ctrl-c')
  await terminal.shows('A run is going on')
  await terminal.press('j')
  await pause(AFTER_A_KEY_MS)
  await terminal.press('enter')
  await terminal.shows(/STOPPED: nothing was undone/u)

  await terminal.press('ctrl-c')
  expect(await demo.ending()).toEqual({ exitCode: 12, isTerminalAsBefore: true })
  expect(terminal.transcript()).toMatch(/ABORTED .*\n.*resume {2}bagboy-tui runs resume/u)
}, 120_000)

test.each([
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const)(
  '%s gives the terminal back and leaves nothing behind',
  async (signal, exitCode) => {
    const demo = await aDemo()

    demo.kill(signal)

    expect(await demo.ending()).toEqual({ exitCode, isTerminalAsBefore: true })
    expect(demo.terminal.isAlternate).toBe(false)
    expect(demo.sandboxes()).toEqual([])
  },
  120_000,
)

test('SIGTERM during a run lets the step in flight finish, then gives the terminal back', async () => {
  const demo = await aDemo()
  await rollBack(demo.terminal)

  demo.kill('SIGTERM')

  expect(await demo.ending()).toEqual({ exitCode: 143, isTerminalAsBefore: true })
  expect(demo.terminal.isAlternate).toBe(false)
  expect(demo.sandboxes()).toEqual([])
}, 120_000)

test('ctrl-c before the first frame leaves nothing behind', async () => {
  const demo = openDemo()
  sessions.push(demo)
  await until('the sandbox', () => demo.sandboxes().length === 1, 30_000)

  await demo.terminal.press('ctrl-c')

  await until('the end of the sandbox', () => demo.sandboxes().length === 0, 30_000)
}, 120_000)

test('the help says where the sandbox is', async () => {
  const { terminal } = await aDemo()

  await terminal.press('?')
  await terminal.shows('Here: history')
  await terminal.press(...Array.from({ length: 6 }, () => 'pgdn'))

  await terminal.shows(/Where things are\n +project +\S+bagboy-demo-/u)
}, 120_000)

test('a terminal that goes away takes nothing but the program with it', async () => {
  const demo = await aDemo()

  demo.terminal.hangUp()

  await demo.terminal.exitCode
  await until('the end of the sandbox', () => demo.sandboxes().length === 0, 30_000)
}, 120_000)
