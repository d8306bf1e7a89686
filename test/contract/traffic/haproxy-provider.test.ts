import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { allTo, type TrafficSplit } from '../../../src/domain/traffic/traffic.ts'
import { createNodePlatform } from '../../../src/platform/node/create-platform.ts'
import { haproxy } from '../../../src/traffic/haproxy/provider.ts'
import { moveTraffic } from '../../../src/traffic/move-traffic.ts'
import type { TrafficContext } from '../../../src/traffic/provider.ts'
import { asNobody } from '../../support/harness/as-nobody.ts'
import { missingHaproxy, startHaproxy, type Haproxy, type HaproxySettings } from '../../support/servers/real/haproxy.ts'
import { countAnswers, startSlotServices } from '../../support/servers/slot-services.ts'
import { startSocketProxy } from '../../support/servers/socket-proxy.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const missing = missingHaproxy()
const SERVERS = { blue: 'app1', green: 'app2' }

async function start(settings: Partial<HaproxySettings> = {}): Promise<Haproxy> {
  const services = await startSlotServices()
  const server = await startHaproxy({ hosts: services.hosts, ...settings })
  onTestFinished(async () => {
    await server.close()
    await services.close()
  })
  return server
}

function contextFor(options: Readonly<Record<string, unknown>>): TrafficContext<unknown> {
  return {
    platform: createNodePlatform(),
    root: '/',
    options: haproxy.options.parse({ backend: 'app', servers: SERVERS, ...options }),
    timeoutMs: 5000,
    signal: new AbortController().signal,
  }
}

function move(options: Readonly<Record<string, unknown>>, split: TrafficSplit) {
  return moveTraffic(haproxy, { split, ifMatch: null, proveWithinMs: 5000 }, contextFor(options))
}

async function errorOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => 'it went well',
    (error: unknown) => error,
  )
}

describe.skipIf(missing)(`haproxy ${missing ?? ''}`, () => {
  test('is asked and changed over a TCP socket as over a unix one', async () => {
    const { sockets, url } = await start()

    const { after } = await move({ socket: sockets.tcp }, { blue: 25, green: 75 })

    expect(after).toMatchObject({ split: { blue: 25, green: 75 }, weights: { blue: 25, green: 75 }, access: 'write' })
    const { green } = await countAnswers(url, 100)
    expect(Math.abs(green - 75)).toBeLessThanOrEqual(2)
  })

  test('tells a server without an address from one that somebody took out', async () => {
    const later = 'green.invalid:80 resolvers dns init-addr none'
    const { sockets, command } = await start({
      hosts: { blue: '127.0.0.1:9', green: later },
      more: ['server-template spare- 2 spare.invalid:80 resolvers dns init-addr none', 'resolvers dns'],
    })
    const read = async () => (await haproxy.read(contextFor({ socket: sockets.admin }))).states

    expect(await read()).toEqual({ blue: 'up', green: 'unresolved' })
    expect(await errorOf(move({ socket: sockets.admin }, allTo('green')))).toMatchObject({
      code: 'REGISTRY_REJECTED',
      message: expect.stringContaining('green has no address yet'),
      details: { state: 'unresolved' },
    })
    await command('set server app/app2 state maint')
    expect(await read()).toEqual({ blue: 'up', green: 'stopped' })
  })

  test('tells of clients that a cookie keeps, and of those that a table keeps on a slot without traffic', async () => {
    const services = await startSlotServices()
    onTestFinished(() => services.close())
    const table = ['backend kept', 'stick-table type ip size 1k expire 30m']
    const { sockets, command, url } = await start({
      hosts: { blue: `${services.hosts.blue} cookie b`, green: `${services.hosts.green} cookie g` },
      more: ['cookie SLOT insert indirect nocache', 'stick on src table kept', ...table],
    })
    const options = { socket: sockets.admin, stick_table: 'kept' }
    await countAnswers(url, 3)
    await command('set server app/app2 weight 100')
    await command('set server app/app1 weight 0')

    const before = await haproxy.read(contextFor(options))
    await move(options, allTo('green'))
    const after = await haproxy.read(contextFor(options))

    expect(before.warnings).toEqual(
      expect.arrayContaining([
        expect.stringContaining('keeps clients with its cookie'),
        'The table kept keeps 1 client on blue, which gets no new ones.',
      ]),
    )
    expect(after.warnings.filter((text) => text.includes('which gets no new ones'))).toEqual([])
    expect(await countAnswers(url, 3)).toEqual({ blue: 0, green: 3 })
  })

  test('takes a table that keeps no servers for none', async () => {
    const { sockets } = await start({ more: ['stick-table type ip size 1k expire 30m store http_req_rate(10s)'] })

    const { after } = await move({ socket: sockets.admin }, allTo('green'))

    expect(after.warnings.filter((text) => text.includes('table'))).toEqual([])
  })

  test('counts the requests of each slot', async () => {
    const { sockets, url } = await start({ weights: { blue: 50, green: 50 } })
    await countAnswers(url, 20)

    const { requests } = await haproxy.read(contextFor({ socket: sockets.admin }))

    expect(requests).toEqual({ blue: 10, green: 10 })
  })

  test('raises the slot that gains before it lowers the other, each on an answered command', async () => {
    const { sockets } = await start()
    const proxy = await startSocketProxy(sockets.admin)
    onTestFinished(() => proxy.close())
    for (const split of [allTo('green'), allTo('blue')]) await move({ socket: proxy.path }, split)

    expect(proxy.commands.filter((command) => command.startsWith('set '))).toEqual([
      'set server app/app2 weight 100',
      'set server app/app1 weight 0',
      'set server app/app1 weight 100',
      'set server app/app2 weight 0',
    ])
  })

  test('loses no request while it goes back and forth', async () => {
    const { sockets, url } = await start()
    const moving = { isDone: false }
    const load = (async () => {
      const answers = { blue: 0, green: 0, count: 0 }
      while (!moving.isDone) {
        const { blue, green } = await countAnswers(url, 20)
        answers.blue += blue
        answers.green += green
        answers.count += 20
      }
      return answers
    })()

    for (let flips = 0; flips < 25; flips += 1) {
      await move({ socket: sockets.admin }, allTo(flips % 2 === 0 ? 'green' : 'blue'))
    }
    moving.isDone = true

    const { blue, green, count } = await load
    expect(count).toBeGreaterThan(20)
    expect(blue + green).toBe(count)
  })

  test('that may not be opened says so, and nothing changes', async () => {
    const { sockets, url } = await start()

    const error = await asNobody(() => errorOf(move({ socket: sockets.admin }, allTo('green'))))

    expect(error).toMatchObject({
      code: 'REGISTRY_FORBIDDEN',
      message: expect.stringContaining(sockets.admin),
      hint: expect.stringMatching(/mode or the group/u),
    })
    expect(await countAnswers(url, 10)).toEqual({ blue: 10, green: 0 })
  })

  test('whose socket is not of level admin is read, and says how to be allowed to write', async () => {
    const { sockets } = await start()

    const { access } = await haproxy.read(contextFor({ socket: sockets.operator }))
    const error = await errorOf(move({ socket: sockets.operator }, allTo('green')))

    expect(access).toBe('denied')
    expect(error).toMatchObject({ code: 'REGISTRY_FORBIDDEN', hint: expect.stringMatching(/level admin/u) })
  })

  test('with a static algorithm goes over as a whole, and refuses a share without changing anything', async () => {
    const server = await start()
    const options = { socket: server.sockets.admin, backend: 'static' }
    await move(options, allTo('green'))
    await move(options, allTo('blue'))

    const error = await errorOf(move(options, { blue: 90, green: 10 }))

    expect(error).toMatchObject({ code: 'REGISTRY_REJECTED', hint: expect.stringMatching(/roundrobin or leastconn/u) })
    expect((await haproxy.read(contextFor(options))).weights).toEqual({ blue: 100, green: 0 })
  })

  test('keeps what a slot of several servers is made of', async () => {
    const other = await startSlotServices()
    onTestFinished(() => other.close())
    const { sockets } = await start({ more: [`server big ${other.hosts.green} weight 200`] })
    const options = { socket: sockets.admin, servers: { blue: 'app1', green: ['app2', 'big'] } }
    // The file has 0 for app2: then the servers of the slot count as equals.
    await move(options, { blue: 50, green: 50 })

    const { evidence } = await haproxy.read(contextFor(options))

    expect(evidence).toMatchObject({
      servers: [
        { server: 'app1', weight: 50 },
        { server: 'app2', weight: 25 },
        { server: 'spare' },
        { server: 'big', weight: 25 },
      ],
    })
  })

  test('with its state saved has the same weights after a reload; without, the reload brings back its file', async () => {
    const server = await start()
    const { sockets, stateFile, url } = server
    const saving = { socket: sockets.admin, state_file: stateFile }
    expect((await move(saving, allTo('green'))).after.warnings).toEqual([])
    await server.reload()
    const kept = await haproxy.read(contextFor(saving))
    writeFileSync(stateFile, '')
    const { warnings } = await haproxy.read(contextFor({ socket: sockets.admin }))

    await server.reload()

    const lost = await haproxy.read(contextFor(saving))
    expect(kept).toMatchObject({ split: allTo('green'), warnings: [] })
    expect(warnings).toEqual([expect.stringMatching(/set state_file, server-state-file/u)])
    expect(lost.split).toEqual(allTo('blue'))
    expect(await countAnswers(url, 10)).toEqual({ blue: 10, green: 0 })
  })

  test('says that the state could not be saved although the traffic has moved, and saves it with the next write', async () => {
    const { sockets } = await start()
    const folder = join(temporaryFolder('state'), 'missing')
    const options = { socket: sockets.admin, state_file: join(folder, 'state') }
    const failed = await move(options, allTo('green'))
    const { files } = createNodePlatform()
    await files.makeFolder(folder)

    const saved = await move(options, allTo('green'))

    expect(failed).toMatchObject({ after: { split: allTo('green') }, error: { code: 'DISK' } })
    expect(failed.after.warnings).toEqual([expect.stringContaining(options.state_file)])
    expect(saved).toMatchObject({ status: 'already', error: null, after: { warnings: [] } })
    expect(readFileSync(options.state_file, 'utf8')).toMatch(/^1\n# be_id/u)
  })

  test.each([
    [{ backend: 'nope' }, 'REGISTRY_NOT_FOUND', /no such backend/u],
    [{ servers: { blue: 'app1', green: 'app9' } }, 'REGISTRY_NOT_FOUND', /no server app9, only app1, app2, spare/u],
    [{ servers: { blue: 'spare', green: 'app2' } }, 'CONFIG_INVALID', /app1 of backend app takes requests/u],
  ])('names what it does not have: %j', async (options, code, message) => {
    const { sockets } = await start()

    const error = await errorOf(haproxy.read(contextFor({ socket: sockets.admin, ...options })))

    expect(error).toMatchObject({ code, message: expect.stringMatching(message), hint: expect.stringMatching(/\S/u) })
  })
})

test.each(['', 'hello\n', '1\n# be_id be_name\n3 app\n', '\u001b[2J\n'])(
  'what answers %j is not taken for the runtime API',
  async (answer) => {
    const path = join(temporaryFolder('no-haproxy'), 'socket')
    const server = createServer((socket) => socket.end(answer))
    await new Promise<void>((resolve) => server.listen(path, resolve))
    onTestFinished(() => void server.close())

    const error = await errorOf(haproxy.read(contextFor({ socket: path })))

    expect(error).toMatchObject({ code: expect.stringMatching(/^REGISTRY_(?:BROKEN|NOT_FOUND)$/u) })
    expect(String(error)).not.toContain('\u001b')
  },
)
