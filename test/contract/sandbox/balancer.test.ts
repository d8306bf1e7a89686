import { existsSync } from 'node:fs'
import { Agent, createServer, request } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import type { CheckSpec } from '../../../src/sandbox/servers/balancer/balancer-state.ts'
import { startBalancer } from '../../../src/sandbox/servers/balancer/balancer.ts'
import { parseStat } from '../../../src/traffic/haproxy/haproxy-servers.ts'
import { startMoodyService } from '../../support/servers/moody-service.ts'
import { converse } from '../../support/servers/real/haproxy.ts'
import { countAnswers, startSlotServices } from '../../support/servers/slot-services.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { until } from '../../support/clocks/until.ts'

const closers: (() => Promise<void>)[] = []

afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()))
})

async function aBalancer(hosts: readonly [string, string], check?: CheckSpec) {
  const socket = join(temporaryFolder('balancer'), 'socket')
  const servers = hosts.map((host, place) => ({
    name: `app${place + 1}`,
    host,
    weight: place === 0 ? 75 : 25,
    ...(check ? { check } : {}),
  }))
  const backends = [{ name: 'app', algorithm: 'roundrobin', servers }] as const
  const balancer = await startBalancer({ backends, sockets: { admin: socket } })
  closers.push(balancer.close)
  return { ...balancer, socket, command: (line: string) => converse(socket, line) }
}

async function betweenSlots() {
  const services = await startSlotServices()
  closers.push(services.close)
  return aBalancer([services.hosts.blue, services.hosts.green])
}

interface Sent {
  readonly status: number
  readonly slot: string | undefined
  readonly body: string
  readonly isReused: boolean
}

function send(url: string, agent: Agent, body?: string): Promise<Sent> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { agent, method: body === undefined ? 'GET' : 'POST' }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (part: string) => (text += part))
      response.once('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          slot: response.headers['x-slot']?.toString(),
          body: text,
          isReused: outgoing.reusedSocket,
        }),
      )
    })
    outgoing.once('error', reject).end(body)
  })
}

/** A service made of what it does with a connection that asks something. */
async function aService(answer: Parameters<typeof createServer>[1]): Promise<string> {
  const server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closers.push(async () => {
    server.close()
    server.closeAllConnections()
  })
  return `127.0.0.1:${(server.address() as AddressInfo).port}`
}

test('every request is divided by the weights, on one connection that is kept as on fresh ones', async () => {
  const { url } = await betweenSlots()
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })

  const kept: Sent[] = []
  for (let sent = 0; sent < 40; sent += 1) kept.push(await send(url, agent))
  const fresh = await countAnswers(url, 40)

  agent.destroy()
  expect(kept.filter(({ isReused }) => isReused)).toHaveLength(39)
  expect(kept.filter(({ slot }) => slot === 'blue')).toHaveLength(30)
  expect(fresh).toEqual({ blue: 30, green: 10 })
})

test('a share is spread evenly and not sent in a burst', async () => {
  const { url } = await betweenSlots()
  const agent = new Agent()

  const slots: (string | undefined)[] = []
  for (let sent = 0; sent < 8; sent += 1) slots.push((await send(url, agent)).slot)

  const places = slots.flatMap((slot, place) => (slot === 'green' ? [place] : []))
  expect(places).toHaveLength(2)
  expect((places[1] ?? 0) - (places[0] ?? 0)).toBe(4)
})

test('no request fails while weights go back and forth under load', async () => {
  const { url, command } = await betweenSlots()
  const statuses: number[] = []
  const over = new AbortController()
  const users = Array.from({ length: 4 }, async () => {
    const agent = new Agent({ keepAlive: true })
    while (!over.signal.aborted) statuses.push((await send(url, agent)).status)
    agent.destroy()
  })

  for (let flips = 0; flips < 100; flips += 1) {
    const [raised, lowered] = flips % 2 === 0 ? ['app2', 'app1'] : ['app1', 'app2']
    await command(`set server app/${raised} weight 100`)
    await command(`set server app/${lowered} weight 0`)
  }
  over.abort()
  await Promise.all(users)

  expect(statuses.length).toBeGreaterThan(100)
  expect(statuses.filter((status) => status !== 200)).toEqual([])
})

test('bodies go through both ways, whatever their length', async () => {
  const echo = await aService((incoming, response) => void incoming.pipe(response))
  const { url } = await aBalancer([echo, echo])
  const body = 'long '.repeat(200_000)

  const [long, empty] = [await send(url, new Agent(), body), await send(url, new Agent(), '')]

  expect(long.body === body).toBe(true)
  expect([empty.status, empty.body]).toEqual([200, ''])
})

test('a server that is not there is a 503, one that answers nonsense a 502, and both are counted', async () => {
  const nonsense = await aService((incoming) => void incoming.socket.end('nonsense\r\n\r\n'))
  const gone = await startMoodyService()
  await gone.goDown()
  const { url, command } = await aBalancer([gone.host, nonsense])
  await command('set server app/app2 weight 0')
  const first = await send(url, new Agent())
  await command('set server app/app2 weight 1; set server app/app1 weight 0')

  const second = await send(url, new Agent())

  expect([first.status, second.status]).toEqual([503, 502])
  expect(first.body).toContain('No server is available to handle this request.')
  const rows = parseStat(await command('show stat 3 4 -1'))
  expect(rows.map(({ svname, hrsp_5xx }) => [svname, hrsp_5xx])).toEqual([
    ['app1', '1'],
    ['app2', '1'],
  ])
})

test('a client that leaves ends its request at the server too', async () => {
  let left = false
  const slow = await aService((_incoming, response) => void response.once('close', () => (left = true)).write('x'))
  const { url } = await aBalancer([slow, slow])

  const outgoing = request(url, (response) => {
    response.once('error', () => undefined).once('data', () => outgoing.destroy())
  })
  outgoing.once('error', () => undefined).end()

  await until('the server to notice', () => left)
})

test('a server that fails its checks gets nothing more', async () => {
  const services = await startSlotServices()
  const moody = await startMoodyService()
  closers.push(services.close, moody.close)
  const check = { path: '/health', intervalMs: 20, fall: 2, rise: 1 }
  const { url, command } = await aBalancer([moody.host, services.hosts.green], check)
  moody.answerWith(500)
  await until('app1 to be down', async () => / app1 \S+ 0 0 75 /u.test(await command('show servers state')))

  const answers = await countAnswers(url, 20)

  expect(answers).toEqual({ blue: 0, green: 20 })
})

test('a line without an end is no command, however long', async () => {
  const { socket, command } = await betweenSlots()
  const isCut = new Promise((resolve) => {
    const client = connect(socket).once('close', () => resolve(true))
    client.on('error', () => undefined)
    client.write('set server app/app1 weight 0'.repeat(1000))
  })

  expect(await isCut).toBe(true)
  expect(await command('get weight app/app1')).toBe('75 (initial 75)\n\n')
})

test('is gone when it is closed: port and socket', async () => {
  const { url, socket, close } = await betweenSlots()

  await close()
  await close()

  expect(existsSync(socket)).toBe(false)
  await expect(fetch(url)).rejects.toThrow('fetch failed')
})

test('leaves no port open when its socket cannot be had', async () => {
  const path = join(temporaryFolder('balancer'), 'missing', 'socket')
  const backends = [{ name: 'app', algorithm: 'roundrobin', servers: [] }] as const
  const { port } = await aBalancer(['127.0.0.1:1', '127.0.0.1:1'])
  await Promise.all(closers.splice(0).map((close) => close()))

  await expect(startBalancer({ backends, sockets: { admin: path }, port })).rejects.toThrow('listen')

  await expect(fetch(`http://127.0.0.1:${port}`)).rejects.toThrow('fetch failed')
})
