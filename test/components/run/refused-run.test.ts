import { expect, test } from 'vitest'
import { outcomeLines } from '../../../components/run/result-lines.ts'
import type { RunState } from '../../../store/run/run-state.ts'

const error = { code: 'TARGET_UNSAFE', message: 'The run is not what is live.', hint: null, details: null } as const
const refused: RunState = {
  id: '01JKX7M3Q8ZB7F3A',
  command: '',
  isActive: false,
  view: null,
  log: [],
  isPaused: false,
  isAborting: false,
  outcome: null,
  error,
  health: null,
}

test('a run that was refused before its first event is not said to have ended', () => {
  const text = outcomeLines(refused, 80, { watchedUntil: null, exit: '5' }).map((line) => line.map((one) => one.text))

  expect(text.flat().join('')).toContain('Refused before anything was changed')
  expect(text.flat().join('')).toContain('TARGET_UNSAFE')
})
