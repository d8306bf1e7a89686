import { chmodSync } from 'node:fs'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { BagboyError } from '../../../../../src/errors/bagboy-error.ts'
import { createNodeExchange } from '../../../../../src/platform/node/http/exchange.ts'
import type { ExchangeRequest, SocketAddress } from '../../../../../src/platform/platform.ts'
import { asNobody } from '../../../../support/harness/as-nobody.ts'
import { temporaryFolder } from '../../../../support/temporary-folder.ts'
import { until } from '../../../../support/clocks/until.ts'

const NEVER = new AbortController().signal
const exchange = createNodeExchange()

interface Listener {
  readonly to: SocketAddress
  readonly heard: string[]
  readonly sockets: Socket[]
}

/** Answers each connection's first words with `answer`, then closes; never when there is no answer. */
async function listen(answer: string | undefined, where: 'tcp' | 'unix' = 'unix'): Promise<Listener> {
  const heard: string[] = []
  const sockets: Socket[] = []
  const server: Server = createServer((socket) => {
    sockets.push(socket)
    socket.on('error', () => undefined)
    socket.once('data', (bytes) => {
      heard.push(bytes.toString())
      if (answer !== undefined) socket.end(answer)
    })
  })
  const path = join(temporaryFolder('exchange'), 'socket')
  await new Promise<void>((resolve) =>
    where === 'unix' ? server.listen(path, resolve) : server.listen(0, '127.0.0.1', resolve),
  )
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const to = where === 'unix' ? { path } : { host: '127.0.0.1', port: (server.address() as AddressInfo).port }
  return { to, heard, sockets }
}

function words(to: SocketAddress, more: Partial<ExchangeRequest> = {}): ExchangeRequest {
  return { to, send: 'show info\n', timeoutMs: 5000, ...more }
}

async function errorOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => 'it went well',
    (error: unknown) => error,
  )
}

describe('exchange', () => {
  it.each(['unix', 'tcp'] as const)('sends its words over a %s socket and gives back all that comes', async (where) => {
    const { to, heard } = await listen('a'.repeat(200_000), where)

    const answer = await exchange(words(to), NEVER)

    expect(answer.length).toBe(200_000)
    expect(heard).toEqual(['show info\n'])
  })

  it('takes an empty answer for an answer', async () => {
    const { to } = await listen('')

    expect(await exchange(words(to), NEVER)).toHaveLength(0)
  })

  it('says where nobody listens', async () => {
    const path = join(temporaryFolder('exchange'), 'none')

    const error = await errorOf(exchange(words({ path }), NEVER))

    expect(error).toMatchObject({
      code: 'REGISTRY_UNREACHABLE',
      message: expect.stringContaining(path),
      details: { code: 'ENOENT' },
    })
  })

  it('tells a socket that may not be opened from one that is not there', async () => {
    const { to } = await listen('never')
    if ('path' in to) chmodSync(to.path, 0)

    const error = await asNobody(() => errorOf(exchange(words(to), NEVER)))

    expect(error).toMatchObject({ code: 'REGISTRY_FORBIDDEN', hint: expect.stringContaining('mode') })
  })

  it('gives up after its time, and when there is too much', async () => {
    const silent = await listen(undefined)
    const loud = await listen('b'.repeat(1000))

    const late = await errorOf(exchange(words(silent.to, { timeoutMs: 100 }), NEVER))
    const large = await errorOf(exchange(words(loud.to, { maxBytes: 999 }), NEVER))

    expect(late).toMatchObject({ code: 'REGISTRY_TIMEOUT', message: expect.stringContaining('within 100 ms') })
    expect(large).toMatchObject({ code: 'REGISTRY_BROKEN', message: expect.stringContaining('999 bytes') })
  })

  it('says that a connection broke in the middle', async () => {
    const { to, heard, sockets } = await listen(undefined, 'tcp')
    const ended = errorOf(exchange(words(to), NEVER))
    await until('the words', () => heard.length > 0)

    for (const socket of sockets) socket.resetAndDestroy()

    expect(await ended).toMatchObject({ code: 'REGISTRY_UNREACHABLE', details: { code: 'ECONNRESET' } })
  })

  it('ends with the reason it was aborted with, before and while it waits', async () => {
    const { to, heard } = await listen(undefined)
    const controller = new AbortController()
    const reason = new Error('the operator stopped it')
    const ended = errorOf(exchange(words(to), controller.signal))
    await until('the words', () => heard.length > 0)

    controller.abort(reason)

    expect(await ended).toBe(reason)
    expect(await errorOf(exchange(words(to), controller.signal))).toBe(reason)
    expect(heard).toHaveLength(1)
  })

  it('asks again right behind its words', async () => {
    const { to } = await listen('never')
    const lost = new BagboyError('LOCK_UNSURE', 'held up while it was sent')
    const asked: number[] = []
    const beforeSend = (): void => {
      asked.push(asked.length)
      if (asked.length > 1) throw lost
    }

    const error = await errorOf(exchange(words(to, { beforeSend }), NEVER))

    expect(error).toBe(lost)
    expect(asked).toEqual([0, 1])
  })

  it('asks before it sends, when the connection is there, and sends nothing when it may not', async () => {
    const { to, heard, sockets } = await listen('never')
    const lost = new BagboyError('LOCK_UNSURE', 'held up')

    const error = await errorOf(
      exchange(
        words(to, {
          beforeSend: () => {
            throw lost
          },
        }),
        NEVER,
      ),
    )

    expect(error).toBe(lost)
    await until('the connection and its end', () => sockets.every(({ destroyed }) => destroyed) && sockets.length === 1)
    expect(heard).toEqual([])
  })
})
