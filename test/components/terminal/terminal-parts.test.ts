import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { EventEmitter } from 'node:events'
import { createStore } from 'zustand/vanilla'
import { expect, test } from 'vitest'
import { copySequence } from '../../../components/terminal/clipboard.ts'
import { writeCrash } from '../../../components/terminal/crash.ts'
import { createTerminalModes } from '../../../components/terminal/modes.ts'
import { until } from '../../support/harness/terminal.tsx'
import { createPaintGate, unblockWrites } from '../../../components/terminal/paint-gate.ts'

test('copying wraps the sequence for tmux and says what to allow', () => {
  const outside = copySequence('v1.2.0', {})
  const inside = copySequence('v1.2.0', { TMUX: '/tmp/tmux-0' })

  expect(outside.sequence).toBe('\u001B]52;c;djEuMi4w\u0007')
  expect(inside.sequence).toBe('\u001BPtmux;\u001B\u001B]52;c;djEuMi4w\u0007\u001B\\')
  expect(inside.note).toContain('set-clipboard on')
})

test('a text too long for the terminal is not sent', () => {
  expect(copySequence('x'.repeat(80_000), {})).toMatchObject({ sequence: '' })
})

test('a crash leaves its stack in a file and one line for the screen', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bagboy-crash-'))

  const { line, file } = writeCrash(new Error('no room\nmore'), { XDG_STATE_HOME: folder }, '2026-02-01T20:02:11.000Z')

  expect(line).toBe(`bagboy-tui: the screen failed: no room. Details: ${file}`)
  expect(readFileSync(file ?? '', 'utf8')).toContain('Error: no room')
  rmSync(folder, { recursive: true })
})

test('a crash without a place for its file still says what failed', () => {
  expect(writeCrash('odd', {}, 'now')).toEqual({ line: 'bagboy-tui: the screen failed: odd.', file: null })
})

test('the terminal is restored once and not after it was released', () => {
  const raw: boolean[] = []
  const stdin = { setRawMode: (isRaw: boolean) => raw.push(isRaw) }
  const modes = createTerminalModes({ isTTY: false }, stdin)
  const released = createTerminalModes({ isTTY: false }, stdin)

  modes.restoreNow()
  modes.restoreNow()
  released.released()
  released.restoreNow()

  expect(raw).toEqual([false])
})

test('a stalled terminal keeps the last picture and gets the newest state when it reads again', async () => {
  const store = createStore(() => 0)
  const target = Object.assign(new EventEmitter(), { writableNeedDrain: false })
  const gate = createPaintGate(store, target)
  const painted: number[] = []
  gate.subscribe((state) => painted.push(state))

  store.setState(1, true)
  target.writableNeedDrain = true
  store.setState(2, true)
  await until(
    () => target.listenerCount('drain') === 1,
    () => 'the gate does not wait for room',
  )
  store.setState(3, true)
  const whileStalled = gate.getState()
  target.writableNeedDrain = false
  target.emit('drain')

  expect(whileStalled).toBe(1)
  expect(painted).toEqual([1, 3])
})

test('a hundred changes within a frame are painted as two', async () => {
  const store = createStore(() => 0)
  const target = Object.assign(new EventEmitter(), { writableNeedDrain: false })
  const gate = createPaintGate(store, target)
  const painted: number[] = []
  gate.subscribe((state) => painted.push(state))

  for (let change = 1; change <= 100; change += 1) store.setState(change, true)
  await until(
    () => painted.length === 2,
    () => `painted ${painted.join()}`,
  )

  expect(painted).toEqual([1, 100])
})

test('writes are unblocked only where the handle can do it', () => {
  const asked: boolean[] = []
  const handle = { setBlocking: (isBlocking: boolean) => asked.push(isBlocking) }

  expect(unblockWrites({ _handle: handle })).toBe(true)
  expect(unblockWrites({})).toBe(false)
  expect(unblockWrites({ _handle: {} })).toBe(false)
  expect(asked).toEqual([false])
})
