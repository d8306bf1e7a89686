import { duplexPair } from 'node:stream'
import type { Agent, request } from 'undici'
import { RequestTimes } from './request-times.ts'

/**
 * One request over a pipe in memory. The first request of a process compiles the parser of answers and everything around
 * it, which takes longer than many an application needs to answer; measured requests come behind it.
 */
export async function warmUp(undici: {
  readonly request: typeof request
  readonly Agent: typeof Agent
}): Promise<void> {
  const [ours, theirs] = duplexPair()
  theirs.once('data', () => theirs.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok'))
  // undici expects its callback in a later turn, as real connectors have it.
  const agent = new undici.Agent({
    connect: (_options, callback) => queueMicrotask(() => callback(null, ours as never)),
  })
  const answer = await undici.request('http://warm-up.invalid/', { dispatcher: new RequestTimes().around(agent) })
  await answer.body.text()
  await agent.destroy()
}
