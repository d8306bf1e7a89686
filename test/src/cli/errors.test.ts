import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { BagboyError } from '../../../src/errors/bagboy-error.ts'
import { ERRORS, type ErrorCode } from '../../../src/errors/codes.ts'
import { aPlan } from '../../support/builders/a-plan.ts'
import { cli } from '../../support/harness/cli-harness.ts'
import { scriptedEngine } from '../../support/engine/scripted-engine.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const CODES = Object.keys(ERRORS) as readonly ErrorCode[]

test.each(CODES)('%s ends a command with its exit code, on stderr and in the document', async (code) => {
  const error = new BagboyError(code, 'what is wrong', { hint: 'what to do', details: { at: 1 } })
  const engine = scriptedEngine({ overview: () => Promise.reject(error) })

  const { exitCode, stdout, stderr } = await cli(['versions', 'list', '-o', 'json'], { engine })

  expect(exitCode).toBe(ERRORS[code])
  expect(stderr).toBe(`error ${code}  what is wrong\n  → what to do\n`)
  expect(JSON.parse(stdout)).toEqual({
    error: { code, message: 'what is wrong', hint: 'what to do', details: { at: 1 } },
    exitCode: ERRORS[code],
  })
})

test('an error nobody foresaw is a BUG with exit code 1', async () => {
  const engine = scriptedEngine({ status: () => Promise.reject(new TypeError('x is not a function')) })

  const { exitCode, stderr } = await cli(['status'], { engine })

  expect(exitCode).toBe(1)
  expect(stderr).toContain('error BUG  TypeError: x is not a function')
  expect(stderr).not.toContain('    at ')
})

test('--debug adds the stack', async () => {
  const engine = scriptedEngine({ status: () => Promise.reject(new TypeError('broken')) })

  const { stderr } = await cli(['status', '--debug'], { engine })

  expect(stderr).toMatch(/\n {4}at .*errors\.test\.ts/u)
})

test('a refusal of a run, a lock held by another, comes out as its code', async () => {
  const locked = new BagboyError('LOCKED', 'Held by alice since 18:00.')
  const engine = scriptedEngine({
    run: (plan) => ({
      id: plan.id,
      result: Promise.reject(locked),
      stop: () => undefined,
      pause: () => undefined,
      unpause: () => undefined,
      async *[Symbol.asyncIterator]() {},
    }),
  })

  const { exitCode, stderr } = await cli(['rollback', '--yes'], { engine })

  expect(exitCode).toBe(8)
  expect(stderr).toContain('error LOCKED  Held by alice since 18:00.')
})

test.each([
  ['is missing', undefined, 'there is no such file'],
  ['is no JSON', '{ "schema": 1,', 'JSON'],
  ['has a newer schema', JSON.stringify({ ...aPlan(), schema: 2 }), 'schema: '],
  ['has an unknown key', JSON.stringify({ ...aPlan(), extra: 1 }), 'extra'],
  ['names an impossible version', JSON.stringify({ ...aPlan(), to: '--force' }), 'to: is not a version'],
  ['could leave its folder', JSON.stringify({ ...aPlan(), id: '../../etc' }), 'id: is not a ULID'],
])('a plan file that %s is refused with exit code 4 and what is wrong', async (_title, text, fault) => {
  const cwd = temporaryFolder('plan')
  if (text !== undefined) await writeFile(join(cwd, 'plan.json'), text)
  const engine = scriptedEngine()

  const { exitCode, stderr } = await cli(['apply', 'plan.json', '--yes'], { engine, cwd })

  expect(exitCode).toBe(4)
  expect(stderr).toContain('error PLAN_INVALID')
  expect(stderr).toContain(fault)
  expect(engine.calls).toEqual([])
})
