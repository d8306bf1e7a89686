import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { COMMANDS } from '../../../src/cli/commands/index.ts'
import { aPlan } from '../../support/builders/a-plan.ts'
import { cli } from '../../support/harness/cli-harness.ts'
import type { DeploySummary } from '../../../src/engine/deploy/deploy.ts'
import { aDeployPlan, aDeployView } from '../../support/builders/a-deploy.ts'
import { aRunSummary, FREE_LOCK, scriptedEngine, type ScriptedEngine } from '../../support/engine/scripted-engine.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

/** A command line for each command that asks, and the engine's method that it must not reach unasked. */
const ASKING: Readonly<Record<string, readonly [argv: readonly string[], method: string]>> = {
  rollback: [[], 'run'],
  apply: [['plan.json'], 'run'],
  deploy: [['--version', 'v1.4.0', '--commit', 'abc'], 'deploy'],
  'traffic shift': [['10'], 'deploy'],
  'traffic switch': [[], 'deploy'],
  'traffic abort': [[], 'commandDeploy'],
  'runs resume': [[], 'resume'],
  'runs undo': [[], 'undo'],
  'runs abort': [['--reason', 'x'], 'handOver'],
  'versions prune': [['--keep', '1'], 'prune'],
  'lock release': [['1', '--reason', 'x'], 'breakLock'],
  'history repair': [[], 'acceptRepair'],
}
const OPEN_DEPLOY: DeploySummary = {
  id: aDeployPlan().id,
  kind: 'deploy',
  version: 'v1.4.0',
  slot: 'green',
  startedAt: '2026-02-01T18:00:00Z',
  finishedAt: null,
  result: null,
  isOpen: true,
  summary: '',
  origin: { kind: 'own' },
  damage: '',
}

/** A project in which every command has something to do; the traffic and deploy it starts end at once. */
function engineFor(name = ''): ScriptedEngine {
  const view = aDeployView([])
  const isAbort = name === 'traffic abort'
  return scriptedEngine({
    runs: () => Promise.resolve([aRunSummary({ isOpen: true, result: null })]),
    lockInfo: () => Promise.resolve({ ...FREE_LOCK, epoch: 1, state: 'dead', who: 'bob' }),
    proposeRepair: () =>
      Promise.resolve({
        reason: 'x',
        sources: ['x'],
        before: '',
        after: 'a: 1',
        lost: [],
        isConflict: false,
        notes: [],
        damaged: [],
      }),
    planDeploy: () => Promise.resolve(aDeployPlan()),
    planShift: () => Promise.resolve(aDeployPlan({ kind: 'shift' })),
    openDeploys: () => Promise.resolve(isAbort ? [OPEN_DEPLOY] : []),
    readDeploy: () => Promise.resolve({ view, events: [] }),
    commandDeploy: () => Promise.resolve({ status: 'refused', why: 'it is over' }),
  })
}

/** `record` asks when what it would record is not what is served, `trust` when something is not trusted yet. */
const SOMETIMES = ['record', 'trust']

describe('which commands ask', () => {
  test('is what their --yes says: every one that takes it is listed here', () => {
    const withYes = COMMANDS.filter(({ options }) => options.some(({ flags }) => flags.includes('--yes')))

    expect(withYes.map(({ name }) => name).sort()).toEqual([...Object.keys(ASKING), ...SOMETIMES].sort())
  })

  test('is said in the introduction of the command line', async () => {
    const { cliDocument } = await import('../../../bin/docs/cli-document.ts')
    const [intro = ''] = cliDocument().split('\n## ')

    for (const name of [...Object.keys(ASKING), ...SOMETIMES]) expect(intro).toContain(`\`${name}\``)
  })
})

describe.each(Object.entries(ASKING))('%s', (name, [argv, method]) => {
  const start = (setting: {
    readonly isTerminal: boolean
    readonly typed?: readonly string[]
    readonly yes?: boolean
  }) => {
    const cwd = temporaryFolder('asking')
    writeFileSync(join(cwd, 'plan.json'), JSON.stringify(aPlan()))
    const engine = engineFor(name)
    // On a terminal rollback is decided in the app, unless data is asked for.
    const data = name === 'rollback' ? ['-o', 'json'] : []
    const line = [...name.split(' '), ...argv, ...data, ...(setting.yes === true ? ['--yes'] : [])]
    return { engine, result: cli(line, { engine, cwd, ...setting }) }
  }

  test('needs --yes without a terminal, and does nothing without it', async () => {
    const { engine, result } = start({ isTerminal: false })

    const { exitCode, stderr } = await result
    expect(exitCode).toBe(2)
    expect(stderr).toContain('Add --yes')
    expect(engine.calls.map(([called]) => called)).not.toContain(method)
  })

  test('does nothing when the answer on a terminal is no', async () => {
    const { engine, result } = start({ isTerminal: true, typed: ['n'] })

    const { exitCode } = await result
    expect(exitCode).toBe(12)
    expect(engine.calls.map(([called]) => called)).not.toContain(method)
  })

  test.each([
    ['with --yes, without a terminal', { isTerminal: false, yes: true }],
    ['after a yes on a terminal', { isTerminal: true, typed: ['y'] }],
  ])('goes ahead %s', async (_title, setting) => {
    const { engine, result } = start(setting)

    await result
    expect(engine.calls.map(([called]) => called)).toContain(method)
  })
})

describe.each([
  ['record', ['--version', 'v1.4.0', '--commit', 'abc'], 'record'],
  ['versions hold', ['v1.3.0', '--reason', 'x'], 'mark'],
  ['versions unhold', ['v1.3.0'], 'mark'],
  ['versions pin', ['v1.3.0'], 'mark'],
  ['versions unpin', ['v1.3.0'], 'mark'],
  ['versions restore', ['v1.0.0'], 'restore'],
  ['runs skip', [aRunSummary().id, 'npm:a@b', '--reason', 'x'], 'skipStep'],
  ['runs overwrite', [aRunSummary().id, 'npm:a@b', '--reason', 'x'], 'overwriteStep'],
])('%s', (name, argv, method) => {
  test.each([true, false])('does not ask, with a terminal: %s', async (isTerminal) => {
    const engine = engineFor()

    const { exitCode } = await cli([...name.split(' '), ...argv], { engine, isTerminal })

    expect(exitCode).toBe(0)
    expect(engine.calls.map(([called]) => called)).toContain(method)
  })
})
