import fc from 'fast-check'
import { expect, test } from 'vitest'
import { driftEvents, rememberServed, type Served, driftText } from '../../../src/events/drift.ts'
import { SEED } from '../../support/effort.ts'

const AT = '2026-02-01T18:00:00.000Z'

function served(state: Served['state'], serving: string | null = state === 'in-sync' ? '1.2.0' : '1.3.0'): Served {
  return {
    package: { format: 'npm', registry: 'https://npm.example.com', name: 'myapp' },
    expected: '1.2.0',
    serving,
    state,
  }
}

test.each<[string, Served | undefined, Served, string[]]>([
  ['a held version is served again', served('in-sync'), served('held-version'), ['hold.violated']],
  ['it was so at the first look', undefined, served('held-version'), ['hold.violated']],
  ['it still is', served('held-version'), served('held-version'), []],
  ['another held one is', served('held-version'), served('held-version', '1.1.0'), ['hold.violated']],
  ['something else is served', served('in-sync'), served('drift'), ['drift.detected']],
  ['it still is something else', served('drift'), served('drift'), []],
  ['a drift becomes a violation', served('drift'), served('held-version'), ['hold.violated']],
  ['it is as it should be again', served('held-version'), served('in-sync'), ['drift.cleared']],
  ['it always was', served('in-sync'), served('in-sync'), []],
  ['it is so at the first look', undefined, served('in-sync'), []],
  ['it cannot be read', served('in-sync'), served('unreadable', null), []],
  ['what it serves cannot be told', served('in-sync'), served('unknown', null), []],
])('when %s', (_title, before, now, expected) => {
  const events = driftEvents(before ? [before] : null, [now], AT)

  expect(events.map(({ type }) => type)).toEqual(expected)
  for (const event of events) expect(event).toMatchObject({ at: AT, expected: '1.2.0', serving: now.serving })
})

test('a registry that was away in between is judged by what it served before', () => {
  const before = [served('held-version')]
  const away = [served('unreadable', null)]

  const known = rememberServed(before, away)

  expect(driftEvents(before, away, AT)).toEqual([])
  expect(driftEvents(known, [served('held-version')], AT)).toEqual([])
  expect(driftEvents(known, [served('in-sync')], AT).map(({ type }) => type)).toEqual(['drift.cleared'])
})

const anyServed = fc
  .constantFrom<Served['state']>('in-sync', 'drift', 'held-version', 'unreadable')
  .chain((state) =>
    state === 'unreadable'
      ? fc.constant(served(state, null))
      : fc.constantFrom('1.3.0', '1.1.0').map((version) => served(state, state === 'in-sync' ? '1.2.0' : version)),
  )

test('over any sequence of looks, whatever is wrong was reported once, and is cleared once', () => {
  fc.assert(
    fc.property(fc.array(anyServed, { minLength: 1, maxLength: 30 }), (looks) => {
      let known: readonly Served[] | null = null
      let reported: string | undefined
      for (const look of looks) {
        for (const { type, serving } of driftEvents(known, [look], AT)) {
          const next: string | undefined = type === 'drift.cleared' ? undefined : `${type} ${serving}`
          expect(next).not.toBe(reported)
          reported = next
        }
        known = rememberServed(known, [look])
        const seen = known[0]
        const isWrong = seen?.state === 'drift' || seen?.state === 'held-version'
        expect(reported !== undefined).toBe(isWrong)
      }
    }),
    { seed: SEED },
  )
})

test('a version that is served with its v is no other version', () => {
  const served = { expected: '1.2.0', serving: 'v1.2.0', detail: 'stable leads to 1.1.0' }

  expect(driftText(served)).toBe('serves 1.2.0, but stable leads to 1.1.0')
})
