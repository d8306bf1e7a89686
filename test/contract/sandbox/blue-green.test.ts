import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parse } from 'yaml'
import type { BlueGreenSite } from '../../../src/sandbox/blue-green.ts'
import { createSandbox, type Sandbox } from '../../../src/sandbox/create-sandbox.ts'
import { parseStat } from '../../../src/traffic/haproxy/haproxy-servers.ts'
import { converse } from '../../support/servers/real/haproxy.ts'
import { runClient } from '../../support/processes/run-client.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { until } from '../../support/clocks/until.ts'

const folder = temporaryFolder('two-slots')
let sandbox: Sandbox
let site: BlueGreenSite

beforeAll(async () => {
  sandbox = await createSandbox({ folder, scenario: 'blue-green' })
  if (!sandbox.blueGreen) throw new Error('this scenario has two slots')
  site = sandbox.blueGreen
})
afterAll(() => sandbox.close())

interface Entry {
  readonly version: string
  readonly packages: readonly { readonly format: string; readonly registry: string; readonly ref?: unknown }[]
}

async function requestCounts(): Promise<readonly number[]> {
  return parseStat(await converse(site.socket, 'show stat 3 4 -1')).map(({ stot }) => Number(stot))
}

function deploy(env: Readonly<Record<string, string>>) {
  const { deployment } = parse(readFileSync(join(sandbox.root, 'bagboy.yaml'), 'utf8'))
  const [file = '', ...args] = deployment.blue_green.deploy.command as readonly string[]
  return runClient(file, args, { cwd: sandbox.root, env })
}

async function running(slot: string): Promise<unknown> {
  return (await fetch(`${site.control}/${slot}`)).json()
}

test('the last deployments went to one slot after the other, and what they put there is running', async () => {
  const text = readFileSync(join(sandbox.root, '.bagboy/deployment-history.yml'), 'utf8')
  const { deployments } = parse(text) as { readonly deployments: readonly Entry[] }
  const placed = deployments.flatMap(({ version, packages }) =>
    packages.filter(({ format }) => format === 'traffic').map(({ registry, ref }) => [version, registry, ref]),
  )

  expect(placed).toEqual([
    ['v1.17.0', 'haproxy', { slot: 'green' }],
    ['v1.16.0', 'haproxy', { slot: 'blue' }],
    ['v1.15.1', 'haproxy', { slot: 'green' }],
    ['v1.15.0', 'haproxy', { slot: 'blue' }],
  ])
  expect(await running('green')).toEqual({ slot: 'green', version: '1.17.0' })
  expect(await running('blue')).toEqual({ slot: 'blue', version: '1.16.0' })
})

test('both slots pass the checks of the balancer, and the bad version has all of the users', async () => {
  await until('the checks', async () => (await converse(site.socket, 'show stat 3 4 -1')).split('L7OK').length === 3)
  const before = await requestCounts()

  await until('some users', async () => ((await requestCounts())[1] ?? 0) >= (before[1] ?? 0) + 3)

  const [blue] = await requestCounts()
  const rows = parseStat(await converse(site.socket, 'show stat 3 4 -1'))
  expect(blue).toBe(0)
  expect(rows.map(({ svname, status, weight }) => [svname, status, weight])).toEqual([
    ['app1', 'UP', '0'],
    ['app2', 'UP', '100'],
  ])
})

test('one user in eight meets what is wrong with the bad version', async () => {
  await until('a login', async () => {
    const green = parseStat(await converse(site.socket, 'show stat 3 4 -1'))[1]
    return Number(green?.['hrsp_5xx']) > 0 && Number(green?.['hrsp_2xx']) >= 7
  })
})

test('the deploy command puts a version into a slot, and once more changes nothing', async () => {
  const env = { BAGBOY_VERSION: '1.17.1', BAGBOY_SLOT: 'blue', BAGBOY_COMMIT: 'abc' }

  const first = await deploy(env)
  const second = await deploy(env)

  expect([first.exitCode, first.stdout]).toEqual([0, 'blue runs 1.17.1\n'])
  expect([second.exitCode, second.stdout]).toEqual([0, 'blue runs 1.17.1\n'])
  expect(await running('blue')).toEqual({ slot: 'blue', version: '1.17.1' })
  expect(await running('green')).toEqual({ slot: 'green', version: '1.17.0' })
})

test.each([
  [{ BAGBOY_VERSION: '1.17.1' }, 'There are two slots'],
  [{ BAGBOY_SLOT: 'green' }, 'Say which version'],
])('the deploy command refuses %j and says what is missing', async (env, said) => {
  const { exitCode, stderr } = await deploy(env)

  expect(exitCode).toBe(1)
  expect(stderr).toContain(said)
  expect(await running('green')).toEqual({ slot: 'green', version: '1.17.0' })
})

test('it says how to look at all of it', async () => {
  const { blue, green } = site.slots

  expect(sandbox.describe().slice(-4)).toEqual([
    `service  curl -i ${sandbox.application?.url}/login`,
    `blue     curl -i ${blue}/login`,
    `green    curl -i ${green}/login`,
    `balancer echo "show servers state" | socat stdio ${site.socket}`,
  ])
})

test('a folder whose path is too long for a socket is refused, and nothing is left in it', async () => {
  const deep = join(folder, 'a-folder-with-a-name-that-is-far-too-long-for-the-path-of-a-socket-on-any-system')
  mkdirSync(deep)

  await expect(createSandbox({ folder: deep, scenario: 'blue-green' })).rejects.toMatchObject({
    code: 'USAGE',
    hint: 'Set TMPDIR to a folder with a shorter path.',
  })

  expect(readdirSync(deep)).toEqual([])
})
