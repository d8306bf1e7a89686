import { execFileSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import type { RecordPlan } from '../../../src/engine/records/record-request.ts'
import { cli } from '../../support/harness/cli-harness.ts'
import { scriptedEngine } from '../../support/engine/scripted-engine.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const PLAN: RecordPlan = { notServed: [], notRead: [], slotNote: '', mergesInto: null }
const NOT_SERVED: RecordPlan = {
  ...PLAN,
  notServed: [
    {
      package: { format: 'npm', registry: 'https://npm.example.com', name: 'x' },
      detail: 'serves 1.3.0 instead of 1.4.0',
    },
  ],
}
const ARGV = ['record', '--version', 'v1.4.0', '--commit', 'abc'] as const

const engineWith = (plan: RecordPlan) => scriptedEngine({ planRecord: () => Promise.resolve(plan) })
const recorded = (engine: ReturnType<typeof scriptedEngine>) =>
  engine.calls.filter(([name]) => name === 'record').map(([, request]) => request)

describe('a record of what is not served', () => {
  test('says what is served instead, and is written without a terminal', async () => {
    const engine = engineWith(NOT_SERVED)

    const { exitCode, stderr } = await cli(ARGV, { engine, cwd: temporaryFolder('record') })

    expect(exitCode).toBe(0)
    expect(stderr).toContain('npm https://npm.example.com: serves 1.3.0 instead of 1.4.0')
    expect(recorded(engine)).toMatchObject([{ acceptsNotServed: true }])
  })

  test('is not written after a no at a terminal', async () => {
    const engine = engineWith(NOT_SERVED)

    const { exitCode } = await cli(ARGV, { engine, cwd: temporaryFolder('record'), isTerminal: true, typed: ['n'] })

    expect(exitCode).toBe(12)
    expect(recorded(engine)).toEqual([])
  })

  test('is written after a yes', async () => {
    const engine = engineWith(NOT_SERVED)

    const { exitCode } = await cli(ARGV, { engine, cwd: temporaryFolder('record'), isTerminal: true, typed: ['y'] })

    expect(exitCode).toBe(0)
    expect(recorded(engine)).toMatchObject([{ acceptsNotServed: true }])
  })
})

test('a record in which one registry could not be read names it, says how to record it, and ends with 6', async () => {
  const engine = engineWith({
    ...NOT_SERVED,
    notRead: [
      {
        package: { format: 'brew', registry: 'acme/tap', name: 'x' },
        error: { code: 'REGISTRY_UNAUTHORIZED', message: 'no', hint: 'Log in.', details: null },
      },
    ],
  })

  const { exitCode, stderr } = await cli(ARGV, { engine, cwd: temporaryFolder('record') })

  expect(exitCode).toBe(6)
  expect(stderr).toContain('brew acme/tap has no pin: REGISTRY_UNAUTHORIZED. Log in.')
  expect(stderr).toContain('bagboy-tui record --version v1.4.0 --package brew=acme/tap')
  expect(recorded(engine)).toHaveLength(1)
})

test('a record that claims no slot says how to claim one', async () => {
  const { stderr } = await cli(ARGV, {
    engine: engineWith({ ...PLAN, slotNote: 'Name the slot.' }),
    cwd: temporaryFolder('record'),
  })

  expect(stderr).toContain('Name the slot.')
})

describe('--commit', () => {
  const checkout = () => {
    const cwd = temporaryFolder('checkout')
    const git = (...args: readonly string[]) => execFileSync('git', ['-C', cwd, ...args], { encoding: 'utf8' }).trim()
    git('init', '-q')
    git('-c', 'user.name=a', '-c', 'user.email=a@b', 'commit', '-q', '--allow-empty', '-m', 'one')
    git('tag', 'v1.4.0')
    return { cwd, full: git('rev-parse', 'HEAD') }
  }

  test.each(['HEAD', 'v1.4.0', 'short'])('%s becomes the full name of the commit', async (word) => {
    const { cwd, full } = checkout()
    const engine = scriptedEngine()

    await cli(['record', '--version', 'v1.4.0', '--commit', word === 'short' ? full.slice(0, 8) : word], {
      engine,
      cwd,
    })

    expect(recorded(engine)).toMatchObject([{ commit: full }])
  })

  test.each(['deadbeef', 'v9.9.9', '--upload-pack=x', 'f'.repeat(40)])(
    '%s, which the checkout does not have, is refused',
    async (word) => {
      const { cwd } = checkout()
      const engine = scriptedEngine()

      const { exitCode, stderr } = await cli(['record', '--version', 'v1.4.0', `--commit=${word}`], { engine, cwd })

      expect(exitCode).toBe(2)
      expect(stderr).toContain('is no commit of this checkout')
      expect(recorded(engine)).toEqual([])
    },
  )

  test('stays as it is given where there is no checkout', async () => {
    const engine = scriptedEngine()

    await cli(ARGV, { engine, cwd: temporaryFolder('record') })

    expect(recorded(engine)).toMatchObject([{ commit: 'abc' }])
  })
})
