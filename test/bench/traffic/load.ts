import { spawn } from 'node:child_process'
import { findProgram } from '../../support/processes/run-client.ts'

/** How clients connect: `kept` use a connection again and again, `fresh` open one for every request. */
export type Connections = 'kept' | 'fresh'

export interface LoadResult {
  readonly requestCount: number
  /** Without an answer, or with one that is no success. */
  readonly failedCount: number
  /** What failed, in wrk's own words; empty when nothing did. */
  readonly failures: string
}

export interface Load {
  /** When the load is over. */
  readonly result: Promise<LoadResult>
}

const CONNECTION_COUNT = 16

/** Why there is no load on this machine; `undefined` when there can be. */
export function missingLoad(): string | undefined {
  return findProgram('wrk') ? undefined : 'not installed: wrk (apt-get install wrk)'
}

/** As many requests as the balancer answers, from a fixed number of connections, for `seconds`. */
export function startLoad(url: string, connections: Connections, seconds: number): Load {
  const args = ['-t1', `-c${CONNECTION_COUNT}`, `-d${seconds}s`, '--timeout', '5s']
  if (connections === 'fresh') args.push('-H', 'Connection: close')
  const child = spawn('wrk', [...args, url], { stdio: ['ignore', 'pipe', 'inherit'] })
  const result = new Promise<LoadResult>((resolve, reject) => {
    let printed = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (printed += text))
    child.once('error', reject)
    child.once('close', () => resolve(parseLoad(printed)))
  })
  return { result }
}

/** What wrk prints at its end. Pure. */
export function parseLoad(printed: string): LoadResult {
  const requestCount = Number(/^\s*(\d+) requests in/mu.exec(printed)?.[1])
  if (Number.isNaN(requestCount)) throw new Error(`wrk printed no result: ${printed}`)
  const sockets = /Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)/u.exec(printed)
  const status = /Non-2xx or 3xx responses: (\d+)/u.exec(printed)
  const counts = [...(sockets?.slice(1) ?? []), status?.[1] ?? '0'].map(Number)
  return {
    requestCount,
    failedCount: counts.reduce((sum, count) => sum + count, 0),
    failures: [sockets?.[0], status?.[0]].filter((text) => text !== undefined).join('; '),
  }
}
