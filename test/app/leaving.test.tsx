import { expect, test } from 'vitest'
import { aScriptedEngine } from '../support/harness/app-engine.ts'
import { openApp } from '../support/harness/terminal.tsx'

test('esc leads to the beginning and never out of the app', async () => {
  const screen = await openApp(aScriptedEngine())
  await screen.shows('v1.30.0')
  await screen.press('enter')
  await screen.shows('History ▸ v1.30.0')

  await screen.press('esc')
  await screen.shows('1 of 30')
  await screen.press('esc', 'esc')

  await screen.shows('Nothing to go back to. Press q to quit.')
  expect(screen.isAlternate).toBe(true)
  await screen.press('q')
  expect(await screen.exit).toBe(0)
})

test('the picker says which version a rule means', async () => {
  const screen = await openApp(aScriptedEngine())
  await screen.shows('v1.30.0')

  await screen.press('r')

  await screen.shows('v1.29.0, the usual choice')
  expect(screen.text()).toContain('By the history that is v1.29.0; the plan checks it before anything moves.')
  await screen.close()
})

test('d on what is live shows what it changed against the last good version', async () => {
  const screen = await openApp(aScriptedEngine())
  await screen.shows('v1.30.0')

  await screen.press('d')

  await screen.shows('Compare v1.29.0 ↔ v1.30.0')
  await screen.close()
})
