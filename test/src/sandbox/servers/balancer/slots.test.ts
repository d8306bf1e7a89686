import { afterAll, beforeAll, expect, test } from 'vitest'
import { startSlots, type Slots } from '../../../../../src/sandbox/servers/balancer/slots.ts'

let slots: Slots

beforeAll(async () => {
  slots = await startSlots({
    versions: { blue: '1.16.0', green: '1.17.0' },
    failing: new Map([['1.17.0', '/login']]),
  })
})
afterAll(() => slots.close())

async function ask(slot: 'blue' | 'green', path: string) {
  const answer = await fetch(`${slots.servers[slot].url}${path}`)
  const said: unknown = answer.status === 404 ? undefined : await answer.json()
  return [answer.status, answer.headers.get('x-app-version'), answer.headers.get('x-app-slot'), said]
}

function put(path: string, body: string): Promise<Response> {
  return fetch(`${slots.control.url}${path}`, { method: 'PUT', body })
}

test('each slot answers for its own version and fails where that fails', async () => {
  expect(await ask('blue', '/login')).toEqual([
    200,
    '1.16.0',
    'blue',
    { status: 'ok', version: '1.16.0', slot: 'blue' },
  ])
  expect(await ask('green', '/login')).toEqual([
    500,
    '1.17.0',
    'green',
    { status: 'fail', version: '1.17.0', slot: 'green', error: 'no session store' },
  ])
  expect((await ask('green', '/health')).slice(0, 3)).toEqual([200, '1.17.0', 'green'])
  expect((await ask('green', '/')).slice(0, 3)).toEqual([200, '1.17.0', 'green'])
  expect((await ask('green', '/nothing'))[0]).toBe(404)
})

test('a slot that is told to runs another version at once; telling it twice changes nothing more', async () => {
  const first = await put('/green', '{"version":"v1.18.0"}')
  const second = await put('/green', '{"version":"1.18.0"}')

  expect([await first.json(), await second.json()]).toEqual([
    { slot: 'green', version: '1.18.0' },
    { slot: 'green', version: '1.18.0' },
  ])
  expect(await (await fetch(`${slots.control.url}/green`)).json()).toEqual({ slot: 'green', version: '1.18.0' })
  expect((await ask('green', '/login')).slice(0, 3)).toEqual([200, '1.18.0', 'green'])
  expect((await ask('blue', '/login')).slice(0, 3)).toEqual([200, '1.16.0', 'blue'])
})

test.each([
  ['/red', '{"version":"1.18.0"}', 404],
  ['/blue', '', 400],
  ['/blue', 'null', 400],
  ['/blue', '{}', 400],
  ['/blue', '{"version":""}', 400],
  ['/blue', '{"version":18}', 400],
  ['/blue', '{"version":"../1.18.0"}', 400],
])('PUT %s with %s is refused with %s, and nothing changes', async (path, body, status) => {
  const refused = await put(path, body)

  expect(refused.status).toBe(status)
  expect(await refused.text()).toMatch(/\S\n$/u)
  expect((await ask('blue', '/health'))[1]).toBe('1.16.0')
})

test('another method is refused', async () => {
  expect((await fetch(`${slots.control.url}/blue`, { method: 'DELETE' })).status).toBe(405)
})
