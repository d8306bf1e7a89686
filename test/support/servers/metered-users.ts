import type { ServerResponse } from 'node:http'
import { listenOnLoopback, type LoopbackServer } from '../../../src/sandbox/servers/loopback-server.ts'

export interface MeteredUsers extends LoopbackServer {
  /** From the next scrape on. */
  readonly send: (traffic: Traffic) => void
}

/** What the users of an application ask for between two scrapes. */
export interface Traffic {
  readonly health: number
  readonly login: number
}

/**
 * The users of an application and the meter that counts what they got, by version and status: `http_requests_total`.
 * Every scrape of `/metrics` is preceded by their requests, so that traffic flows as long as it is measured.
 */
export async function startMeteredUsers(application: string, first: Traffic): Promise<MeteredUsers> {
  let traffic = first
  const counts = new Map<string, number>()
  const add = (version: string, code: string, by: number): void => {
    const key = `http_requests_total{version="${version}",code="${code}"}`
    counts.set(key, (counts.get(key) ?? 0) + by)
  }
  const visit = async (path: string): Promise<void> => {
    const answer = await fetch(`${application}${path}`)
    await answer.arrayBuffer()
    const version = answer.headers.get('x-app-version') ?? ''
    // Both from the first request on, so that a rate of failures is 0 and not absent.
    for (const code of ['200', '500']) add(version, code, Number(code === String(answer.status)))
  }
  const scrape = async (response: ServerResponse): Promise<void> => {
    const paths = [...repeat('/health', traffic.health), ...repeat('/login', traffic.login)]
    const visits = await Promise.allSettled(paths.map(visit))
    // Without an application there is nothing to measure; Prometheus sees a scrape that failed.
    if (visits.some(({ status }) => status === 'rejected')) return void response.destroy()
    const lines = [...counts].map(([key, count]) => `${key} ${count}`)
    response.setHeader('content-type', 'text/plain; version=0.0.4')
    response.end(['# TYPE http_requests_total counter', ...lines, ''].join('\n'))
  }
  const server = await listenOnLoopback((_request, response) => void scrape(response))
  return { ...server, send: (wanted) => void (traffic = wanted) }
}

function repeat(path: string, times: number): readonly string[] {
  return Array.from({ length: times }, () => path)
}
