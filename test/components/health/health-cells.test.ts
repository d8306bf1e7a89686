import { expect, test } from 'vitest'
import { placeOf } from '../../../components/health/health-cells.ts'

test.each([
  { role: 'live', place: 'active', shown: 'live' },
  { role: 'live', place: 'green', shown: 'green' },
  { role: 'target', place: 'blue', shown: 'blue' },
  { role: 'target', place: 'preview', shown: 'v1.2.0' },
] as const)('a check of the $role version at $place is shown as of $shown', ({ shown, ...probe }) => {
  expect(placeOf(probe, { target: 'v1.2.0' })).toBe(shown)
})
