import { z } from 'zod'
import { expect, test } from 'vitest'
import type { Version } from '../../../../../src/domain/version.ts'
import type { Action } from '../../../../../src/domain/plan.ts'
import { executeAction } from '../../../../../src/engine/rollback/step/execute-action.ts'
import { defineDriver, type ActContext } from '../../../../../src/registries/driver.ts'
import { temporaryFolder } from '../../../../support/temporary-folder.ts'
import { platformWith } from '../../../../support/test-platform.ts'

function createWorld(signal = new AbortController().signal) {
  const done: string[] = []
  const driver = defineDriver({
    format: 'test',
    title: 'Test',
    options: z.unknown(),
    group: 2,
    effect: { newInstalls: '', existingUsers: '', timeToEffect: '' },
    inspect: () => Promise.reject(new Error('not read here')),
    capture: () => Promise.reject(new Error('not read here')),
    plan: () => undefined,
    outOfScope: (action) => (action.title === 'elsewhere' ? 'goes\u001b[2J elsewhere' : undefined),
    send: async ({ url }, { key }) => void done.push(`${url} ${key}`),
    operations: { move: async (input) => void done.push(JSON.stringify(input)) },
  })
  const pinned = { version: '1.2.0' as Version, pin: null }
  const root = temporaryFolder('execute-action')
  const context: ActContext<unknown> = {
    platform: platformWith({}),
    options: {},
    signal,
    timeoutMs: 5000,
    root,
    cacheFolder: root,
    oneTimePassword: async () => '',
    key: 'k1',
    subject: { package: { format: 'test', registry: 'r.example.com', name: 'a' }, from: pinned, to: pinned },
    expected: null,
    wants: null,
    restores: false,
    reason: '',
  }
  return { done, run: (action: Action, by = driver) => executeAction(by, action, context), driver }
}

const http: Action = { kind: 'http', title: '', method: 'PUT', url: 'http://r.example.com/a', headers: {}, body: '' }
const custom = (operation: string): Action => ({ kind: 'custom', title: '', operation, input: { to: 1 } })

test('a request goes to the driver with the key, an operation gets its input', async () => {
  const { done, run } = createWorld()

  await run(http)
  await run(custom('move'))

  expect(done).toEqual(['http://r.example.com/a k1', '{"to":1}'])
})

test.each([
  { ...custom('move'), title: 'elsewhere' },
  { ...http, title: 'elsewhere' },
])('an action that its driver finds out of scope is not sent', async (action) => {
  const { run, done } = createWorld()

  await expect(run(action)).rejects.toMatchObject({
    code: 'PLAN_INVALID',
    message: 'test: an action goes^[[2J elsewhere; it is not sent.',
  })
  expect(done).toEqual([])
})

test.each(['remove', 'toString', '__proto__'])(
  'an operation that the driver does not have is refused: %s',
  async (operation) => {
    const { run } = createWorld()

    await expect(run(custom(operation))).rejects.toMatchObject({ code: 'PLAN_INVALID' })
  },
)

test('a driver that sends nothing is asked for no request', async () => {
  const { run, driver } = createWorld()
  const { send: _send, ...silent } = driver

  await expect(run(http, silent)).rejects.toMatchObject({ code: 'PLAN_INVALID' })
})

test('nothing is begun once it was aborted', async () => {
  const reason = new Error('stopped')
  const { run, done } = createWorld(AbortSignal.abort(reason))

  await expect(run(http)).rejects.toBe(reason)
  expect(done).toEqual([])
})
