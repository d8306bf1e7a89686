import { expect, test } from 'vitest'
import { holdOn } from '../../../src/domain/deployment.ts'
import { aHistory, version } from '../../support/builders/a-history.ts'

const hold = { version: version('v1.3.0'), reason: 'leaks', at: '2026-02-01T00:00:00Z', until: '2026-02-03T00:00:00Z' }
const history = aHistory({ held: [hold] })

test.each(['v1.3.0', '1.3.0'])('a hold is in force on %s, however the version is written', (text) => {
  expect(holdOn(history, text, '2026-02-02T00:00:00Z')).toBe(hold)
})

test('a hold ends at its time and is on no other version', () => {
  expect(holdOn(history, 'v1.3.0', '2026-02-03T00:00:00Z')).toBeUndefined()
  expect(holdOn(history, 'v1.3.1', '2026-02-02T00:00:00Z')).toBeUndefined()
})
