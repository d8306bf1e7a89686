import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startNpmRegistry, type NpmRegistry } from '../../../src/sandbox/servers/npm/npm-registry.ts'
import { publishNpm } from '../../../src/sandbox/servers/npm/npm-store.ts'
import { until } from '../clocks/until.ts'
import { startFaultProxy, writesIn, type FaultProxy } from './fault-proxy.ts'

const TAGS = '/-/package/hello/dist-tags'
let registry: NpmRegistry
let proxy: FaultProxy

beforeEach(async () => {
  registry = await startNpmRegistry({ token: 'token' })
  for (const version of ['1.0.0', '1.1.0']) {
    const manifest = { name: 'hello', version }
    publishNpm(registry.state, {
      manifest,
      tarball: Buffer.from(version),
      tags: ['latest'],
      at: '2026-01-01T00:00:00Z',
    })
  }
  proxy = await startFaultProxy({ upstream: registry.url })
})
afterEach(async () => {
  await proxy.close()
  await registry.close()
})

function latest(): string | undefined {
  return registry.state.packages.get('hello')?.distTags.get('latest')
}

function moveTag(signal?: AbortSignal): Promise<Response> {
  const headers = { authorization: 'Bearer token', 'content-type': 'application/json' }
  return fetch(`${proxy.url}${TAGS}/latest`, { method: 'PUT', headers, body: '"1.0.0"', signal: signal ?? null })
}

describe('fault proxy', () => {
  it('passes requests on and records them', async () => {
    const answer = await moveTag()
    await fetch(`${proxy.url}${TAGS}`)

    expect([answer.status, latest()]).toEqual([201, '1.0.0'])
    expect(proxy.requests).toEqual([
      { method: 'PUT', path: `${TAGS}/latest`, applied: true, status: 201 },
      { method: 'GET', path: TAGS, applied: true, status: 200 },
    ])
    expect(writesIn(proxy.requests)).toEqual([`PUT ${TAGS}/latest`])
  })

  it('keeps its own address in what the server says about itself', async () => {
    const document = (await (await fetch(`${proxy.url}/hello/1.0.0`)).json()) as { dist: { tarball: string } }

    expect(document.dist.tarball).toBe(`${proxy.url}/hello/-/hello-1.0.0.tgz`)
    expect(await (await fetch(document.dist.tarball)).text()).toBe('1.0.0')
  })

  it('resets a connection before anything is applied', async () => {
    proxy.inject({ kind: 'reset', method: 'PUT' })

    await expect(moveTag()).rejects.toThrow('fetch failed')

    expect(latest()).toBe('1.1.0')
    expect(proxy.requests).toEqual([{ method: 'PUT', path: `${TAGS}/latest`, applied: false, status: null }])
  })

  it('loses the answer of a write that was applied', async () => {
    proxy.inject({ kind: 'lost-answer', method: 'PUT', path: /dist-tags/u, times: 1 })

    await expect(moveTag()).rejects.toThrow('fetch failed')

    expect(latest()).toBe('1.0.0')
    expect((await moveTag()).status).toBe(201)
  })

  it('swallows a request in a black hole', async () => {
    proxy.inject({ kind: 'black-hole' })

    await expect(moveTag(AbortSignal.timeout(200))).rejects.toThrow('timeout')

    expect(latest()).toBe('1.1.0')
  })

  it('answers late what was applied at once', async () => {
    proxy.inject({ kind: 'late', delayMs: 60_000 })

    await expect(moveTag(AbortSignal.timeout(300))).rejects.toThrow('timeout')

    expect(latest()).toBe('1.0.0')
  })

  it('passes a request on late, whether or not the client still waits', async () => {
    proxy.inject({ kind: 'delayed', delayMs: 300, times: 1 })

    await expect(moveTag(AbortSignal.timeout(100))).rejects.toThrow('timeout')

    expect(latest()).toBe('1.1.0')
    await until('the late request', () => latest() === '1.0.0')
  })

  it('answers a read as it was answered before, without asking', async () => {
    const read = async () => ((await (await fetch(`${proxy.url}${TAGS}`)).json()) as { latest: string }).latest
    await read()
    await moveTag()
    proxy.inject({ kind: 'stale', method: 'GET', times: 2 })

    expect([await read(), await read(), await read()]).toEqual(['1.1.0', '1.1.0', '1.0.0'])
  })

  it.each([
    [false, '1.1.0'],
    [true, '1.0.0'],
  ])('answers with a status of its own, applied: %s', async (applied, expected) => {
    proxy.inject({ kind: 'status', status: 503, applied, headers: { 'retry-after': '7' }, body: 'busy', times: 1 })

    const answer = await moveTag()

    expect([answer.status, answer.headers.get('retry-after'), await answer.text()]).toEqual([503, '7', 'busy'])
    expect(latest()).toBe(expected)
    expect((await moveTag()).status).toBe(201)
  })

  it('cuts a body short', async () => {
    proxy.inject({ kind: 'truncated', bytes: 10 })

    const answer = await fetch(`${proxy.url}/hello`)

    expect(Number(answer.headers.get('content-length'))).toBeGreaterThan(10)
    await expect(answer.text()).rejects.toThrow('terminated')
  })

  it('lets a body trickle, whole in the end', async () => {
    proxy.inject({ kind: 'slow', bytes: 4, everyMs: 5 })
    const started = performance.now()

    const text = await (await fetch(`${proxy.url}${TAGS}`)).text()

    expect(JSON.parse(text)).toEqual({ latest: '1.1.0' })
    expect(performance.now() - started).toBeGreaterThan((text.length / 4) * 4)
  })

  it('refuses connections while it is down, and comes back on the same port', async () => {
    await proxy.goDown()
    const refused = await moveTag().catch((error: Error) => (error.cause as { code?: string }).code)

    await proxy.goUp()

    expect(refused).toBe('ECONNREFUSED')
    expect((await moveTag()).status).toBe(201)
  })

  it('delays every request by its latency', async () => {
    proxy.setLatency(120)
    const started = performance.now()

    await fetch(`${proxy.url}${TAGS}`)

    expect(performance.now() - started).toBeGreaterThanOrEqual(115)
  })

  it('uses rules up in their order and can be healed', async () => {
    proxy.inject({ kind: 'status', status: 500, applied: false, times: 2 })
    proxy.inject({ kind: 'status', status: 429, applied: false })

    const statuses = [await moveTag(), await moveTag(), await moveTag(), await moveTag()].map(({ status }) => status)
    proxy.heal()

    expect(statuses).toEqual([500, 500, 429, 429])
    expect((await moveTag()).status).toBe(201)
  })
})
