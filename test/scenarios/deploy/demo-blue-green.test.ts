import { expect, test } from 'vitest'
import { openDemo } from '../../support/harness/demo-session.ts'

const ARGS = ['--scenario', 'blue-green'] as const

test('the app opens on two slots: five registries in sync, the switch first in the plan, and nothing is left of it', async () => {
  const demo = openDemo({ args: ARGS, columns: 120, rows: 40 })
  const { terminal } = demo

  await terminal.shows('5 registries in sync')
  await terminal.press('r')
  await terminal.shows('the last good version')
  await terminal.press('enter')
  await terminal.shows(/Plan: v1\.17\.0 → v1\.16\.0 .*DRY RUN ─ nothing changed/u)
  await terminal.press('enter')
  await terminal.shows('Step 1 of 5 ─ traffic hello')
  expect(terminal.screen()).toMatch(/blue +·+ +0 % +1\.16\.0 +│~blue +█+ +100 % +1\.16\.0/u)
  expect(terminal.screen()).toMatch(/green +█+ +100 % +1\.17\.0 +│~green +·+ +0 % +1\.17\.0/u)
  demo.kill('SIGTERM')

  expect(await demo.ending()).toEqual({ exitCode: 143, isTerminalAsBefore: true })
  expect(demo.sandboxes()).toEqual([])
}, 120_000)

test('a scenario that is none is refused with those that are, and nothing is left behind', async () => {
  const demo = openDemo({ args: ['--scenario', 'green-blue'] })

  expect(await demo.ending()).toEqual({ exitCode: 2, isTerminalAsBefore: true })
  expect(demo.terminal.transcript()).toContain('There is no scenario "green-blue".')
  expect(demo.terminal.transcript()).toContain('bad-release, no-safe-target, blue-green')
  expect(demo.sandboxes()).toEqual([])
  expect(demo.terminal.isAlternate).toBe(false)
}, 60_000)
