import { writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Finding } from '../../../src/domain/plan.ts'
import { version } from '../../support/builders/a-history.ts'
import { aPlan, aStep } from '../../support/builders/a-plan.ts'
import { cli } from '../../support/harness/cli-harness.ts'
import { runEvents } from '../../support/builders/run-events.ts'
import { playRun, scriptedEngine } from '../../support/engine/scripted-engine.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const HELD: Finding = {
  code: 'V05',
  severity: 'block',
  title: 'v1.2.0 is held',
  detail: 'since yesterday',
  remedy: 'lift the hold',
  package: null,
}

function calledMethods(engine: ReturnType<typeof scriptedEngine>): readonly string[] {
  return engine.calls.map(([name]) => name)
}

test('a dry run prints the resolved target first, then reads apart from writes, and runs nothing', async () => {
  const engine = scriptedEngine()

  const { exitCode, stdout, stderr } = await cli(['rollback', '--dry-run'], { engine })

  expect(exitCode).toBe(0)
  expect(stderr).toMatch(/^Target: v1\.2\.0 \(history @2.*chosen as last-good; live is v1\.3\.0/u)
  expect(stdout).toMatch(
    /Reads[\s\S]*READ {2}npm[\s\S]*Writes[\s\S]*WRITE {4}Move npm to 1\.2\.0[\s\S]*manual {3}npm tag/u,
  )
  expect(stdout).toMatch(/NEW INSTALLS +WHO HAS IT ALREADY +TRUE AFTER +UNDO/u)
  expect(stdout).toContain('Worst case 1m, if every registry needs all of its time.')
  expect(calledMethods(engine)).toEqual(['foreignRuns', 'plan', 'overview'])
})

test('the target line says that an unrecorded release is taken back to the live version', async () => {
  const plan = aPlan({ from: version('v1.4.0'), to: version('v1.3.0'), targetId: 3 })
  const engine = scriptedEngine({ plan: () => Promise.resolve(plan) })

  const { stderr } = await cli(['rollback', '--dry-run'], { engine })

  expect(stderr).toMatch(
    /^Target: v1\.3\.0 \(history @3.*as last-good: it is live by the history, and v1\.4\.0 is served\n/u,
  )
})

test.each([
  ['changes are pending', aPlan(), 3],
  ['nothing is to do', aPlan({ steps: [] }), 0],
  ['a finding blocks', aPlan({ findings: [HELD] }), 5],
])('with --detailed-exitcode a dry run where %s ends with its own code', async (_title, plan, expected) => {
  const engine = scriptedEngine({ plan: () => Promise.resolve(plan) })

  const { exitCode } = await cli(['rollback', '--dry-run', '--detailed-exitcode'], { engine })

  expect(exitCode).toBe(expected)
})

test('without a terminal and without --yes the plan is shown, nothing runs, and it says what to add', async () => {
  const engine = scriptedEngine()

  const { exitCode, stdout, stderr } = await cli(['rollback'], { engine })

  expect([exitCode, stdout]).toEqual([2, ''])
  expect(stderr).toContain('WRITE    Move npm to 1.2.0')
  expect(stderr).toContain('Add --yes to run it')
  expect(calledMethods(engine)).not.toContain('run')
})

test('on a terminal without --yes the app opens on the plan of this very request', async () => {
  const { launches } = await cli(['rollback', '~1', '--only', 'npm,docker', '--only', 'brew'], { isTerminal: true })

  expect(launches).toMatchObject([
    { isDemo: false, rollback: { target: '~1', only: ['npm', 'docker', 'brew'], except: [], overrides: [] } },
  ])
})

test('--yes runs the plan: progress on stderr, the result on stdout', async () => {
  const engine = scriptedEngine()

  const { exitCode, stdout, stderr } = await cli(['rollback', '--version=v1.2.0', '--yes', '--reason', '5xx'], {
    engine,
  })

  expect(exitCode).toBe(0)
  expect(engine.calls).toContainEqual([
    'plan',
    { target: 'v1.2.0', only: [], except: [], reason: '5xx', incident: '', overrides: [] },
  ])
  expect(stderr).toMatch(/writing {4}npm[\s\S]*done {7}npm[\s\S]*history {4}entry @4/u)
  expect(stdout).toMatch(
    /^Complete: roll back myapp from v1\.3\.0 to v1\.2\.0\. 2 of 2 registries proved by read-back\./u,
  )
  expect(stdout).toContain('Take it back: bagboy-tui runs undo 01JK8Q4Z')
})

test('a partial run is never called done, exits 6, and names the commands that are left', async () => {
  const engine = scriptedEngine({ run: () => playRun(runEvents(aPlan(), 'partial', ['npm'])) })

  const { exitCode, stdout, stderr } = await cli(['rollback', '--yes'], { engine })

  expect(exitCode).toBe(6)
  expect(stdout).toMatch(/^Partial: /u)
  expect(stdout).toContain('1 of 2 registries proved')
  expect(stdout).toMatch(/npm +myapp .* failed .*REGISTRY_UNREACHABLE: no answer/u)
  expect(stdout).toMatch(/Manual steps[\s\S]*npm tag myapp 1\.2\.0/u)
  expect(stdout).toContain('Resume it: bagboy-tui runs resume 01JK8Q4Z')
  expect(stderr).toMatch(/failed {5}npm/u)
})

test('-o json prints one document and nothing else on stdout', async () => {
  const { stdout } = await cli(['rollback', '--yes', '-o', 'json'])

  expect(JSON.parse(stdout)).toMatchObject({
    result: 'complete',
    exitCode: 0,
    from: 'v1.3.0',
    to: 'v1.2.0',
    steps: [{ format: 'npm', status: 'done', proof: { latest: '1.2.0' } }, { format: 'docker' }],
  })
})

test('-o ndjson prints every event of the run, one a line', async () => {
  const { stdout } = await cli(['rollback', '--yes', '-o', 'ndjson'])

  const lines: unknown[] = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(lines).toEqual(runEvents(aPlan(), 'complete'))
})

test('a blocked plan exits 5, shows the finding, and says how to insist', async () => {
  const engine = scriptedEngine({ plan: () => Promise.resolve(aPlan({ findings: [HELD] })) })

  const { exitCode, stderr } = await cli(['rollback', '--yes'], { engine })

  expect(exitCode).toBe(5)
  expect(stderr).toMatch(/V05 block {2}v1\.2\.0 is held[\s\S]*→ lift the hold/u)
  expect(stderr).toContain('To insist: --override V05 --reason TEXT')
  expect(calledMethods(engine)).not.toContain('run')
})

test('a plan without a step is nothing to do: exit 0 and no run', async () => {
  const excluded = [
    { package: aStep('npm').package, status: 'already', reason: 'already at v1.2.0', observed: {} },
  ] as const
  const engine = scriptedEngine({ plan: () => Promise.resolve(aPlan({ steps: [], excluded })) })

  const table = await cli(['rollback', '--yes'], { engine })
  const json = await cli(['rollback', '--yes', '-o', 'json'], { engine })

  expect([table.exitCode, json.exitCode]).toEqual([0, 0])
  expect(table.stdout).toContain('Nothing to do: no registry of this plan serves anything other than v1.2.0.')
  expect(JSON.parse(json.stdout)).toMatchObject({ result: 'nothing-to-do', exitCode: 0 })
  expect(calledMethods(engine)).not.toContain('run')
})

test('a saved plan is the plan: apply runs exactly what --plan-out wrote', async () => {
  const cwd = temporaryFolder('plan')
  const engine = scriptedEngine()

  const saved = await cli(['rollback', '--plan-out', 'plan.json'], { engine, cwd })
  const applied = await cli(['apply', 'plan.json', '--yes'], { engine, cwd })

  expect([saved.exitCode, applied.exitCode]).toEqual([0, 0])
  expect(JSON.parse(await readFile(join(cwd, 'plan.json'), 'utf8'))).toEqual(aPlan())
  expect(engine.calls).toContainEqual(['run', aPlan()])
  expect(saved.stderr).toContain(`bagboy-tui apply ${join(cwd, 'plan.json')}`)
})

test('apply says what a plan asks beside its target, and an override needs a reason there, too', async () => {
  const cwd = temporaryFolder('plan')
  const engine = scriptedEngine()
  const plan = aPlan({ overrides: ['V08'], reason: '', incident: 'https://incidents.example.com/1' })
  writeFileSync(join(cwd, 'plan.json'), JSON.stringify(plan))

  const refused = await cli(['apply', 'plan.json', '--yes'], { engine, cwd })
  const applied = await cli(['apply', 'plan.json', '--yes', '--reason', 'the \u202emigration is empty'], {
    engine,
    cwd,
  })

  expect(refused).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('Add --reason TEXT.') as string })
  expect(applied.exitCode).toBe(0)
  expect(applied.stderr).toContain('Reason: the <U+202E>migration is empty')
  expect(applied.stderr).toContain('Incident: https://incidents.example.com/1')
  expect(applied.stderr).toContain('Override: the check V08 does not stop it')
  expect(engine.calls.filter(([name]) => name === 'run')).toEqual([
    ['run', { ...plan, reason: 'the \u202emigration is empty' }],
  ])
})
