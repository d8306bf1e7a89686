import { anAppState, paint } from '../../support/harness/painted.tsx'
import { expect, test } from 'vitest'
import { planPrune } from '../../../src/domain/prune.ts'
import { aHistory, NOW } from '../../support/builders/app-builders.ts'

const rows = planPrune(aHistory(9), {
  keep: 3,
  keepHealthy: 1,
  neededVersions: [],
  targetIds: new Set<number>(),
  runningIds: new Set(),
  now: NOW,
})

const prune = (ids: readonly number[], columns = 100): string =>
  paint(
    anAppState({
      screen: 'prune',
      back: ['history'],
      prune: {
        plan: { keep: 3, rows, lostVersions: [], archiveFile: '.bagboy/archive' },
        selection: { ids, anchor: null },
      },
      cursors: { prune: 1 },
    }),
    columns,
    20,
  )

test('the prune screen says what goes, what stays, and why', () => {
  expect(prune([1, 4])).toMatchInlineSnapshot(`
    "
    ─ Prune ───────────────────────────────────────────────── keep 3 ─ 2 marked ─ 3 protected ─ 2 of 9 ─
            VERSION     AGE    STATE          WHY
        {warning|⊘}   v1.9.0      2h     {ok|● live}         {warning|live, cannot be pruned}
    » ▶  ⊘   v1.8.0      7d     ✓ superseded   one of the 1 last healthy
       [ ]  v1.7.0      14d    {warning|↺ rolled back}  kept, newest 3
       [ ]  v1.6.0      21d    ✓ superseded   older than keep
       [ ]  v1.5.0      28d    {bad|✗ failed}       older than keep
       [x]  v1.4.0      35d    ✓ superseded   older than keep
       [ ]  v1.3.0      42d    ✓ superseded   older than keep
        {warning|⊘}   v1.2.0      49d    {warning|↺ rolled back}  {warning|pinned}
       [x]  v1.1.0      56d    ✓ superseded   older than keep

    ─ What prune would do ──────────────────────────────────────────────────────────────────────────────
     2 versions would move to .bagboy/archive; from there they can be restored.
     No rollback to v1.4.0, v1.1.0 afterwards.
    "
  `)
})

test.each([
  [[], 'No version is selected: nothing would be pruned.', 'No rollback to'],
  [[4], '1 version would move to .bagboy/archive; from there it can be restored.', ' …'],
  [[4, 5], '2 versions would move to .bagboy/archive; from there they can be restored.', ' …'],
] as const)('what prune would do with %o', (ids, expected, unwanted) => {
  expect(prune(ids)).toContain(expected)
  expect(prune(ids)).not.toContain(unwanted)
})

test('of many versions the first ones are named', () => {
  expect(prune([1, 2, 3, 4, 5, 6, 7])).toContain('v1.7.0, v1.6.0, v1.5.0, v1.4.0, v1.3.0, v1.2.0 …')
})

test('a screen without a plan is empty', () => {
  expect(paint(anAppState({ screen: 'prune' })).trim()).toBe('')
})
