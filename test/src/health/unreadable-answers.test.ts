import { createServer, type AddressInfo, type Server } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { runRound } from '../../../src/health/run-round.ts'
import { createNodePlatform } from '../../../src/platform/node/create-platform.ts'
import { aProbe, anHttpCheck } from '../../support/builders/a-probe.ts'

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

/** Answers every connection with these bytes. */
async function serve(answer: string): Promise<string> {
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy())
    socket.once('data', () => socket.end(answer))
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
}

test.each([
  ['lines that end without a carriage return', 'HTTP/1.1 200 OK\nContent-Length: 2\n\nok'],
  ['a length that is given twice', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nok'],
])('%s, which others may be able to read, says nothing about the application', async (_what, answer) => {
  const probe = aProbe(anHttpCheck(await serve(answer)))

  const sample = await runRound(probe, { platform: createNodePlatform(), root: '/' }, 0, new AbortController().signal)

  expect(sample).toMatchObject({ verdict: 'unknown' })
  expect(sample.detail).toContain('the answer cannot be read')
})

test.each([
  ['an answer that ends in the middle', 'HTTP/1.1 200 OK\r\nContent-Length: 200\r\n\r\nok'],
  ['an answer that is not HTTP', 'SSH-2.0-OpenSSH_9.2\r\n'],
])('%s is failing', async (_what, answer) => {
  const probe = aProbe(anHttpCheck(await serve(answer)))

  const sample = await runRound(probe, { platform: createNodePlatform(), root: '/' }, 0, new AbortController().signal)

  expect(sample).toMatchObject({ verdict: 'failing' })
})
