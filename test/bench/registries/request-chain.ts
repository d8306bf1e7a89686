import { Agent, request as send } from 'undici'
import type { HttpRequest, Platform } from '../../../src/platform/platform.ts'

/** One request as it went out, in ms of one clock. */
interface Exchange {
  readonly request: HttpRequest
  readonly startMs: number
  readonly endMs: number
}

export interface RecordedPlatform {
  readonly platform: Platform
  /** In the order in which they went out. */
  readonly exchanges: readonly Exchange[]
}

/** Requests that were under way together; each stage begins when the one before is answered. */
export type RequestChain = readonly (readonly HttpRequest[])[]

/** A platform that keeps what goes over it. */
export function recordingPlatform(platform: Platform): RecordedPlatform {
  const exchanges: Exchange[] = []
  return {
    exchanges,
    platform: {
      ...platform,
      async http(request, signal) {
        const startMs = performance.now()
        const answer = await platform.http(request, signal)
        exchanges.push({ request, startMs, endMs: performance.now() })
        return answer
      },
    },
  }
}

/** The chain of each server's own requests, without any waiting for another server. */
export function chainsOf(exchanges: readonly Exchange[]): readonly RequestChain[] {
  const origins = [...new Set(exchanges.map(({ request }) => new URL(request.url).origin))]
  return origins.map((origin) => chainOf(exchanges.filter(({ request }) => new URL(request.url).origin === origin)))
}

function chainOf(exchanges: readonly Exchange[]): RequestChain {
  const stages: Exchange[][] = []
  for (const exchange of exchanges.toSorted((a, b) => a.startMs - b.startMs)) {
    const last = stages.at(-1)
    const isTogether = last?.every(({ endMs }) => exchange.startMs < endMs) ?? false
    if (last && isTogether) last.push(exchange)
    else stages.push([exchange])
  }
  return stages.map((stage) => stage.map(({ request }) => request))
}

/** Sends a chain again with nothing around it. Throws when a server refuses. */
export async function replay(chain: RequestChain): Promise<void> {
  const dispatcher = new Agent()
  try {
    for (const stage of chain) await Promise.all(stage.map((request) => sendOne(request, dispatcher)))
  } finally {
    await dispatcher.close()
  }
}

async function sendOne({ method, url, headers, body }: HttpRequest, dispatcher: Agent): Promise<void> {
  const answer = await send(url, { dispatcher, method, headers: { ...headers }, body: body ?? null })
  await answer.body.dump()
  if (answer.statusCode >= 400) throw new Error(`${method} ${url}: ${answer.statusCode}`)
}
