import { expect, test } from 'vitest'
import { BagboyError } from '../../src/errors/bagboy-error.ts'
import { anOverview, aHistory } from '../support/builders/app-builders.ts'
import { aScriptedEngine } from '../support/harness/app-engine.ts'
import { until } from '../support/clocks/until.ts'
import { openApp } from '../support/harness/terminal.tsx'

const SIZES = [
  [80, 24],
  [160, 48],
  [60, 15],
] as const
const WAYS = [
  [],
  ['enter'],
  ['j', 'd'],
  ['j', 'r'],
  ['j', 'r', 'enter'],
  ['j', 'r', 'enter', 'enter'],
  ['5'],
  ['?'],
  ['4'],
] as const

test.each(SIZES)('at %i x %i every screen keeps its frame and no row is too long', async (columns, rows) => {
  for (const way of WAYS) {
    const screen = await openApp(aScriptedEngine(), { columns, rows })
    await screen.shows('v1.30.0')
    await screen.press(...way)
    const lines = screen.rows()

    expect(lines).toHaveLength(rows)
    expect(lines[0], way.join()).toContain('myapp')
    expect(lines[0]).toContain('20:02:11Z')
    expect(lines[1]).toMatch(/\[[●◐] (?:DEPLOYED|REVIEW PLAN)\]/u)
    expect(lines.at(-1)).toMatch(/(?:help|close|cancel)/u)
    expect(lines.some((line) => line.includes('undefined') || line.includes('[object'))).toBe(false)
    await screen.close()
  }
})

test.each(SIZES)('at %i x %i ASCII without colour shows the same words', async (columns, rows) => {
  const screen = await openApp(aScriptedEngine(), { columns, rows, env: { LANG: 'C', NO_COLOR: '1' } })
  await screen.shows('v1.30.0')

  expect(screen.text()).toMatch(/^[\n -~]*$/u)
  expect(screen.hasColor()).toBe(false)
  expect(screen.text()).toContain('* live')
  expect(screen.text()).toContain('X unhealthy')
  expect(screen.text()).toContain('[PROD]')
  await screen.close()
})

test('with colour the state is never told by colour alone', async () => {
  const screen = await openApp(aScriptedEngine())
  await screen.shows('● live')

  expect(screen.hasColor()).toBe(true)
  expect(screen.text()).toContain('↺ rolled back')
  await screen.close()
})

test('resizing draws the whole screen again, down to one line and back', async () => {
  const screen = await openApp(aScriptedEngine())
  await screen.shows('v1.30.0')

  await screen.resize(40, 8)
  await screen.shows('myapp live v1.30.0')
  expect(screen.rows().filter((line) => line.trim() !== '')).toHaveLength(1)
  await screen.resize(130, 40)
  await screen.shows('╭─ History')
  await screen.resize(80, 24)
  await screen.shows((text) => text.includes('─ v1.30.0  packages') && !text.includes('╭'))
  await screen.close()
})

test('the filter narrows the list and esc clears it', async () => {
  const screen = await openApp(aScriptedEngine())
  await screen.shows('v1.30.0')

  await screen.press('/')
  await screen.types('state:failed')
  await screen.shows('6 of 30')
  await screen.press('enter')
  await screen.shows('1 of 6')
  await screen.press('esc')
  await screen.shows('1 of 30')
  await screen.close()
})

test('a ready-made filter is chosen from the menu by its digit', async () => {
  const screen = await openApp(aScriptedEngine())
  await screen.shows('v1.30.0')

  await screen.press('f')
  await screen.shows('healthy when deployed')
  await screen.press('4')

  await screen.shows('1 of 6')
  await screen.close()
})

test('the help lists keys that are off with the reason, and finds by typing', async () => {
  const screen = await openApp(aScriptedEngine())
  await screen.shows('v1.30.0')

  await screen.press('?')
  await screen.shows('Here: history')
  expect(screen.text()).toMatch(/R\s+open the resume screen of the open run/u)
  await screen.types('resume')
  await screen.shows('no run is open')
  await screen.press('esc')
  await screen.shows('─ History')
  await screen.close()
})

test('a thousand arrows in one read move the cursor a thousand rows', async () => {
  const screen = await openApp(aScriptedEngine({ overview: anOverview({ history: aHistory(2000) }) }))
  await screen.shows('1 of 2000')

  screen.sends('\u001B[B'.repeat(1000))

  await screen.shows('1001 of 2000')
  await screen.close()
})

test('a history that cannot be read says where and what to do', async () => {
  const error = new BagboyError('HISTORY_CONFLICT', 'deployment-history.yml:12:1 has a conflict marker', {
    hint: 'Resolve it, then press ctrl-r.',
  })
  const screen = await openApp(aScriptedEngine({ fails: { overview: error } }))

  await screen.shows('deployment-history.yml:12:1 has a conflict marker')

  expect(screen.text()).toContain('Resolve it, then press ctrl-r.')
  await screen.press('q')
  expect(await screen.exit).toBe(0)
})

test('a plan that fails keeps the picker and shows the remedy', async () => {
  const error = new BagboyError('TARGET_UNSAFE', 'v1.28.0 was rolled back', {
    hint: 'Choose another, or override V05.',
  })
  const screen = await openApp(aScriptedEngine({ fails: { plan: error } }))
  await screen.shows('v1.30.0')

  await screen.press('j', 'r', 'enter')
  await screen.shows('v1.28.0 was rolled back (TARGET_UNSAFE)')

  expect(screen.text()).toContain('Choose another, or override V05.')
  expect(screen.text()).toContain('Roll back v1.30.0 to')
  await screen.close()
})

test('copying writes OSC 52 and shows the text for terminals that ignore it', async () => {
  const screen = await openApp(aScriptedEngine())
  await screen.shows('v1.30.0')

  await screen.press('j', 'y')

  await screen.shows('Copied')
  await screen.shows('│  v1.29.0')
  await screen.close()
})

/** What has been written once the last frame is out: no more of it for a tenth of a second. */
async function settledBytes(screen: Awaited<ReturnType<typeof openApp>>): Promise<number> {
  let [last, since] = [screen.bytesWritten, performance.now()]
  await until('the frame is out', () => {
    if (screen.bytesWritten !== last) [last, since] = [screen.bytesWritten, performance.now()]
    return performance.now() - since > 100
  })
  return last
}

test('a move of the cursor costs few bytes and an idle screen none', async () => {
  const screen = await openApp(aScriptedEngine())
  await screen.shows('registries in sync')
  await screen.press('j')
  await screen.shows('2 of 30')
  const before = await settledBytes(screen)

  await screen.press('j')
  await screen.shows('3 of 30')
  const moved = await settledBytes(screen)
  await new Promise((resolve) => {
    setTimeout(resolve, 1200)
  })

  expect(moved - before).toBeLessThan(1200)
  expect(screen.bytesWritten).toBe(moved)
  await screen.close()
})
