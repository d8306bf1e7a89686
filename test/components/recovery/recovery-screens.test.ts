import { anAppState, paint } from '../../support/harness/painted.tsx'
import { expect, test } from 'vitest'
import type { RecoveryReport } from '../../../src/engine/engine.ts'
import { aPlan, anOverview, aRecovery, aRunSummary, NOW } from '../../support/builders/app-builders.ts'
import { aRunView, doneStep } from '../../support/builders/an-open-run.ts'

const VIEW = aRunView(doneStep(aPlan().steps[0]?.id ?? ''))
const RECOVERY = aRecovery(VIEW)

const screen = (parts: Partial<RecoveryReport> = {}, cursor = 0, columns = 100): string =>
  paint(
    anAppState({
      screen: 'recovery',
      recovery: { ...RECOVERY, ...parts },
      recoveryRun: VIEW.id,
      cursors: { recovery: cursor },
    }),
    columns,
    24,
  )

test('the resume screen says what was intended, what is found, and what follows', () => {
  expect(screen({ notes: ['One record was damaged.'] }, 1)).toMatchInlineSnapshot(`
    "
    ─ Open rollback: v1.30.0 → v1.29.0 ────────────────────────────────────────────── 01JKX7M3Q8ZB7F3A ─
     Served          v1.29.0 from 1 of 4, 1 could not be read   as of 20:02:11Z
     Begun           20:02:11Z, 0s ago, by ana
     Interrupted: its process is gone. Nothing runs while you choose.
     {warning|One record was damaged.}
       REGISTRY        WE DID           FOUND                 WHAT FOLLOWS
       brew            done and proved  {ok|✓ v1.29.0 as wanted}   nothing
    » ▶ scoop           begun, no proof  ○ v1.30.0 as before   run this step
       docker          not started      ○ v1.30.0 as before   run this step
       npm             not started      {bad|✗ cannot be read}      run this step
    ─ Put the manifest of 1.29.0 at the head of the bucket ─────────────────────────────────────────────
     It was begun; the registry still serves what it served before, so the step runs again under the
     same key.
     Served         1.30.0
     Manual         $ tool restore myapp@1.29.0
    "
  `)
  expect(screen({}, 3)).toContain('REGISTRY_UNREACHABLE npm.example.com does not answer')
  expect(screen({}, 0)).not.toContain('$ tool restore')
})

test.each([
  ['before', '○ v1.30.0 as before'],
  ['want', '{ok|✓ v1.29.0 as wanted}'],
  ['between', '{warning|◐ in part}'],
  ['other', '{warning|▲ something else}'],
  ['unplanned', '○ not compared'],
  ['unreadable', '{bad|✗ cannot be read}'],
] as const)('what is found is told in words: %s', (found, expected) => {
  const steps = RECOVERY.steps.map((step) => ({ ...step, found }))

  expect(screen({ steps }, 3)).toContain(expected)
})

test.each([
  ['nothing', 'nothing', false],
  ['verify', 'read back again', false],
  ['run', 'run this step', true],
  ['wait', '{warning|wait for a person}', true],
  ['stop', '{warning|stop and ask', true],
  ['read', 'read it again', true],
] as const)(
  'what follows is told in words, with the commands by hand where something is left: %s',
  (next, expected, hasHand) => {
    const text = screen({ steps: RECOVERY.steps.map((step) => ({ ...step, next })) }, 3)

    expect(text).toContain(expected)
    expect(text.includes('$ tool restore')).toBe(hasHand)
  },
)

const lock = RECOVERY.lock
test.each([
  [
    { ...lock, state: 'held', purpose: 'rollback', since: NOW },
    '▲ ana on bastion holds the lock since 2026-02-01 20:02Z: rollback',
  ],
  [{ ...lock, state: 'silent', purpose: 'rollback', since: NOW }, '▲ ana on bastion holds the lock since'],
  [lock, 'Interrupted: its process is gone. Nothing runs while you choose.'],
  [{ ...lock, run: 'ANOTHER' }, 'It did not end, and no process holds its lock.'],
  [{ ...lock, state: 'free' }, 'It did not end, and no process holds its lock.'],
] as const)('who works on the run is told: %#', (one, expected) => {
  expect(screen({ lock: one })).toContain(expected)
})

test('a run that ended in part is not called interrupted', () => {
  const view = aRunView([{ type: 'run.finished', result: 'partial', exitCode: 6, summary: '' }])

  expect(screen({ view })).toContain('It ended at 20:02:15Z as PARTIAL and is still open.')
  expect(screen({ view })).not.toContain('Interrupted')
})

test('a run that goes back says so, and one that goes forward does not', () => {
  expect(screen({ direction: 'undo' }, 0, 120)).toContain('{warning|the run goes back to v1.30.0}')
  expect(screen()).not.toContain('goes back')
})

test.each([
  [null, 'Not read. ctrl-r reads it again.'],
  [{ label: 'x', canCancel: true }, 'Reading what every registry serves …'],
])('a run that is not read says so: %o', (busy, expected) => {
  expect(paint(anAppState({ screen: 'recovery', busy }))).toContain(expected)
})

test('the runs are listed with what came of them; a foreign one is no obligation', () => {
  const closed = { isOpen: false, finishedAt: '2026-02-01T20:04:11.000Z' } as const
  const runs = [
    aRunSummary(),
    aRunSummary({ id: 'FOREIGN0', origin: { kind: 'foreign', reason: 'unknown-key', key: '0123' } }),
    aRunSummary({ ...closed, result: 'complete' }),
    aRunSummary({ ...closed, result: 'complete', undoneBy: 'X' }),
    aRunSummary({ ...closed, result: 'aborted', kind: 'undo' }),
    aRunSummary({ ...closed, result: null }),
  ]

  expect(paint(anAppState({ screen: 'runs', overview: anOverview({ runs }) }), 100, 16)).toMatchInlineSnapshot(`
    "
    ─ Runs ──────────────────────────────────────────────────────────────────────────────── 1 run open ─
       RUN     KIND       FROM → TO                                  AGE   TOOK        DONE  RESULT
    » ▶ ZB7F3A  rollback   v1.30.0 → v1.29.0                          0s              1 of 4  ▲ open
       REIGN0  rollback   v1.30.0 → v1.29.0                          0s              1 of 4  {warning|▲ foreign}
       ZB7F3A  rollback   v1.30.0 → v1.29.0                          0s    2m00      1 of 4  {ok|✓ complete}
       ZB7F3A  rollback   v1.30.0 → v1.29.0                          0s    2m00      1 of 4  {warning|↺ undone}
       ZB7F3A  undo       v1.30.0 → v1.29.0                          0s    2m00      1 of 4  {warning|▲ aborted}
       ZB7F3A  rollback   v1.30.0 → v1.29.0                          0s    2m00      1 of 4  {warning|▲ closed}
    "
  `)
  expect(paint(anAppState({ screen: 'runs', overview: anOverview({ runs: runs.slice(2, 3) }) }))).toContain(' 1 run ')
  expect(paint(anAppState({ screen: 'runs' }))).toContain('No run yet.')
})
