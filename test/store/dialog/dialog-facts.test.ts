import { expect, test } from 'vitest'
import type { AppState } from '../../../store/state.ts'
import {
  aFinding,
  anOverview,
  aPlan,
  aRecovery,
  aRunSummary,
  aStep,
  FREE_LOCK,
} from '../../support/builders/app-builders.ts'
import { aRunState, aRunView, doneStep } from '../../support/builders/an-open-run.ts'
import { aSession } from '../../support/harness/a-session.ts'
import { aScriptedEngine } from '../../support/harness/app-engine.ts'

const VIEW = aRunView(doneStep(aPlan().steps[0]?.id ?? ''))
const RECOVERY = aRecovery(VIEW)

/** What stands in the confirmation that a key opens. */
async function factsOf(state: Partial<AppState>, key: string) {
  const session = aSession(aScriptedEngine({ recovery: RECOVERY }), { state })
  await session.press(key)
  const { dialog } = session.state()
  if (dialog?.kind !== 'confirm') throw new Error(`no confirmation: ${session.state().flash?.text}`)
  const { title, facts, warnings, reasonMode, expected, label } = dialog
  return { title, facts, warnings, reasonMode, expected, label }
}

const onRecovery = (recovery = RECOVERY, index = 0): Partial<AppState> => ({
  screen: 'recovery',
  back: ['history'],
  recovery,
  recoveryRun: VIEW.id,
  cursors: { recovery: index },
  overview: anOverview({ runs: [aRunSummary()] }),
})

test('resuming says what it writes, proves and leaves, and asks for the version it leads to', async () => {
  const steps = RECOVERY.steps.map((step, index) => ({
    ...step,
    next: (['nothing', 'verify', 'run', 'stop'] as const)[index] ?? ('read' as const),
  }))
  const there = await factsOf(onRecovery({ ...RECOVERY, steps }), 'R')
  expect(there.facts.slice(1)).toEqual([
    'Writes v1.29.0 to: docker',
    'Proves by reading back: scoop',
    'Stops and asks: npm',
    'Leaves as it is: brew',
  ])
  expect(there).toMatchObject({ expected: 'v1.29.0', reasonMode: 'none', warnings: [] })
})

test('resuming a run that goes back leads to the version it had left', async () => {
  const view = aRunView([{ type: 'run.decided', direction: 'undo', reason: 'x' }])
  const back = await factsOf(onRecovery({ ...RECOVERY, view, direction: 'undo' }), 'R')

  expect(back.expected).toBe('v1.30.0')
  expect(back.facts.join('\n')).toContain('Writes v1.30.0 to: scoop, docker, npm')
  expect((await factsOf(onRecovery({ ...RECOVERY, view, direction: 'undo' }, 1), 'T')).expected).toBe('v1.30.0')
})

test('undoing warns of what users get again, with why it was left', async () => {
  const plan = aPlan({ reason: '5xx' })
  const why = await factsOf({ screen: 'result', back: ['history'], past: aRunState(aRunView([], plan)) }, 'U')
  expect(why).toMatchObject({
    expected: 'v1.30.0',
    reasonMode: 'required',
    warnings: [expect.stringMatching(/^Users get v1\.30\.0 again.*\(5xx\)/u)],
  })
  const open = await factsOf(onRecovery(), 'U')
  expect(open.warnings[0]).not.toContain('(')
  expect(open.facts.join('\n')).toContain('Writes v1.30.0 to: brew, scoop')
})

test.each([
  ['want', true],
  ['before', false],
] as const)('skipping a step that is found %s says what that leaves unproved', async (found, isThere) => {
  const steps = RECOVERY.steps.map((step) => ({ ...step, found, next: 'run' as const }))
  const { facts, expected, reasonMode } = await factsOf(onRecovery({ ...RECOVERY, steps }), 'S')

  expect([expected, reasonMode]).toEqual(['', 'required'])
  expect(facts[1]?.includes('not proved')).toBe(isThere)
  expect(facts[1]).toContain('PARTIAL')
})

test('taking a run over names who had it, where and since when, and asks for the machine', async () => {
  const holder = {
    ...FREE_LOCK,
    state: 'silent',
    who: 'bob',
    host: 'bastion',
    pid: 4711,
    lastBeat: '2026-02-01T19:00:00Z',
  } as const
  const { title, facts, expected, reasonMode } = await factsOf(
    { screen: 'run', run: aRunState(VIEW, { isActive: true, holder }) },
    'T',
  )

  expect(title).toContain('bob')
  expect(facts[0]).toMatch(/bob.*bastion.*4711.*2026-02-01T19:00:00Z/u)
  expect([expected, reasonMode]).toEqual(['bastion', 'required'])
})

test('handing over asks for the end of the run id and says that it cannot be resumed', async () => {
  const { facts, warnings, expected, reasonMode } = await factsOf(onRecovery(), 'H')

  expect(facts.join('\n')).toContain(`bagboy-tui runs show ${VIEW.id}`)
  expect(warnings).toHaveLength(1)
  expect([expected, reasonMode]).toEqual(['ZB7F3A', 'required'])
})

const EXCLUDED = [0, 1].map(
  (index) => ({ package: aStep(index).package, status: 'skipped', reason: '', observed: null }) as const,
)

const onPlan = (plan = aPlan()): Partial<AppState> => ({
  screen: 'target',
  back: ['history'],
  cursors: { target: 2 },
  overview: anOverview(),
  plan: { plan, target: 'v1.29.0', except: [] },
})

async function planFacts(plan: ReturnType<typeof aPlan>) {
  const session = aSession(aScriptedEngine({ plan }), { state: onPlan(plan) })
  await session.press('enter', 'X')
  const { dialog } = session.state()
  return dialog?.kind === 'confirm' ? { facts: dialog.facts, warnings: dialog.warnings } : undefined
}

test('a plan is confirmed with what cannot be undone, what is skipped, and what the checks warn of', async () => {
  const warn = (code: string) => aFinding({ code, severity: 'warn', title: `warns ${code}` })

  expect(await planFacts(aPlan({ findings: [] }))).toEqual({
    facts: ['myapp   v1.30.0  →  v1.29.0', 'plan ZB7F3A · 4 steps'],
    warnings: [],
  })
  const rich = aPlan({
    steps: [aStep(2, { reversibility: 'one-way' })],
    excluded: EXCLUDED,
    overrides: ['V03'],
    findings: [warn('V08'), warn('V13'), warn('V14')],
  })
  expect(await planFacts(rich)).toEqual({
    facts: ['myapp   v1.30.0  →  v1.29.0', 'plan ZB7F3A · 1 step · 2 skipped'],
    warnings: [
      'skipped, they stay as now: brew myapp, scoop myapp',
      'cannot be undone: docker acme/myapp',
      'warns V08',
      'warns V13',
      'warns V14',
      '1 more; b on the plan shows all',
    ],
  })
  const one = await planFacts(aPlan({ excluded: EXCLUDED.slice(0, 1), findings: [] }))
  expect(one?.warnings).toEqual(['skipped, it stays as now: brew myapp'])
  const there = await planFacts(aPlan({ excluded: [{ ...EXCLUDED[0], status: 'already' } as never], findings: [] }))
  expect(there).toEqual({ facts: ['myapp   v1.30.0  →  v1.29.0', 'plan ZB7F3A · 4 steps'], warnings: [] })
})

test('a plan that is blocked, or has nothing to do, is not confirmed at all', async () => {
  expect(await planFacts(aPlan({ findings: [aFinding({ severity: 'never' })] }))).toBeUndefined()
  expect(await planFacts(aPlan({ steps: [] }))).toBeUndefined()
})

test.each([
  [1, '', undefined],
  [2, 'health:healthy', undefined],
  [3, 'state:rolled', undefined],
  [4, 'state:failed', undefined],
  [5, 'is:held', undefined],
  [6, 'is:pinned', undefined],
])('the ready-made filter %i shows %j', async (index, text) => {
  const session = aSession(aScriptedEngine())
  await session.press('f')
  const { dialog } = session.state()
  if (dialog?.kind !== 'menu') throw new Error('no menu')
  session.commands.choose(dialog.options[index - 1]?.value ?? 'none')

  expect(session.state()).toMatchObject({ dialog: null, filter: { text, isOpen: false }, cursors: { history: 0 } })
})
