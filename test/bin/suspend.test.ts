import { expect, onTestFinished, test } from 'vitest'
import { createSandbox, type Sandbox } from '../../src/sandbox/create-sandbox.ts'
import { builtProgram } from '../support/harness/built-program.ts'
import { openTerminal, type Terminal } from '../support/harness/pty.ts'
import { findProgram } from '../support/processes/run-client.ts'
import { openTmux } from '../support/harness/tmux.ts'
import { isExhaustive } from '../support/effort.ts'

const program = builtProgram('bagboy-tui')
/** Exhaustively, the program is stopped and continued so often on each screen. */
const ROUNDS = isExhaustive ? 20 : 2
const PROMPT = 'shell> '
const SHELLS = [
  ['bash', ['--norc', '--noprofile', '-i'], /Stopped/u],
  ['zsh', ['-f', '-i'], /suspended/u],
] as const
const INSTALLED = SHELLS.filter(([name]) => findProgram(name) !== undefined)
const MISSING = SHELLS.filter(([name]) => findProgram(name) === undefined)

test.skipIf(MISSING.length > 0)('bash and zsh are installed, so that both are tried', () => {
  expect(MISSING).toEqual([])
})

async function aSandbox(): Promise<Sandbox> {
  const sandbox = await createSandbox()
  onTestFinished(() => sandbox.close())
  return sandbox
}

function aShell(name: string, args: readonly string[], sandbox: Sandbox): Terminal {
  const command = findProgram(name) ?? name
  return openTerminal({ command, args, cwd: sandbox.root, env: { ...sandbox.env, PS1: PROMPT }, columns: 100 })
}

/** Only what both kinds of terminal can do. */
type Keys = Pick<Terminal, 'shows' | 'press' | 'types'>

/** Stops the program and continues it; the app is whole again and hears keys. */
async function stopAndContinue(terminal: Keys, round: number): Promise<void> {
  await terminal.press('ctrl-z')
  await terminal.shows((screen) => screen.trimEnd().endsWith(PROMPT.trim()))
  await terminal.types(`echo round-${round}-$((40+2))`)
  await terminal.press('enter')
  await terminal.shows(`round-${round}-42`)
  await terminal.types('fg')
  await terminal.press('enter')
  await terminal.shows((screen) => screen.includes('? help') && !screen.includes(PROMPT.trim()))
  await terminal.press('?')
  await terminal.shows('Type to search')
  await terminal.press('esc')
  await terminal.shows((screen) => !screen.includes('Type to search'))
}

/** The way to screens that differ in what they draw and in what they wait for. */
const WAYS = [
  ['the history', [], '? help'],
  ['a plan', ['j', 'r', 'enter'], 'DRY RUN'],
  ['the runs', ['4'], 'No run yet'],
] as const

async function openAt(terminal: Keys, keys: readonly string[], shown: string): Promise<void> {
  await terminal.shows((screen) => screen.includes('registries in sync') || screen.includes('differ'))
  for (const key of keys) {
    await terminal.press(key)
    if (key === 'r') await terminal.shows('planning only reads')
  }
  await terminal.shows(shown)
}

test.each(INSTALLED)(
  `ctrl-z in %s gives the shell back, and fg the app, ${ROUNDS} times on each screen`,
  async (name, args) => {
    const sandbox = await aSandbox()
    for (const [, keys, shown] of WAYS) {
      const terminal = aShell(name, args, sandbox)
      await terminal.shows(PROMPT.trim())
      await terminal.types(`'${process.execPath}' '${program}'`)
      await terminal.press('enter')
      await openAt(terminal, keys, shown)
      for (let round = 1; round <= ROUNDS; round += 1) await stopAndContinue(terminal, round)
      expect(terminal.isAlternate).toBe(true)

      await terminal.press('ctrl-c')
      await terminal.shows((screen) => screen.trimEnd().endsWith(PROMPT.trim()))
      expect(terminal.isAlternate).toBe(false)
      await terminal.types('exit')
      await terminal.press('enter')
      await terminal.exitCode
    }
  },
  ROUNDS * 60_000,
)

test(
  `ctrl-z and fg in tmux, ${ROUNDS} times`,
  async () => {
    const sandbox = await aSandbox()
    const env = { ...sandbox.env, PS1: PROMPT }
    const terminal = openTmux({ command: ['bash', '--norc', '--noprofile', '-i'], cwd: sandbox.root, env })
    onTestFinished(() => terminal.close())
    await terminal.shows(PROMPT.trim())
    await terminal.types(`'${process.execPath}' '${program}'`)
    await terminal.press('enter')
    await openAt(terminal, ['j', 'r', 'enter'], 'DRY RUN')

    for (let round = 1; round <= ROUNDS; round += 1) await stopAndContinue(terminal, round)

    await terminal.press('ctrl-c')
    await terminal.shows((screen) => screen.trimEnd().endsWith(PROMPT.trim()))
  },
  ROUNDS * 60_000,
)

test('where no shell waits, ctrl-z says so and the app goes on', async () => {
  const sandbox = await aSandbox()
  const command = [process.execPath, program]
  const terminal = openTmux({ command, cwd: sandbox.root, env: sandbox.env })
  onTestFinished(() => terminal.close())
  await terminal.shows('registries in sync')

  await terminal.press('ctrl-z')
  await terminal.shows('There is no shell to go back to')
  await terminal.press('4')

  await terminal.shows('No run yet')
})

test('a program that was stopped from outside draws itself again and hears keys when it is continued', async () => {
  const sandbox = await aSandbox()
  const terminal = openTerminal({ command: process.execPath, args: [program], cwd: sandbox.root, env: sandbox.env })
  await terminal.shows('registries in sync')

  process.kill(terminal.pid, 'SIGSTOP')
  terminal.emulator.reset()
  await terminal.shows((screen) => screen.trim() === '')
  process.kill(terminal.pid, 'SIGCONT')
  await terminal.shows('? help')
  await terminal.press('4')

  await terminal.shows('No run yet')
  expect(terminal.isAlternate).toBe(true)
  await terminal.press('ctrl-c')
  expect(await terminal.exitCode).toBe(130)
})
