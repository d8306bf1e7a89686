import { durationText } from '../domain/text/duration.ts'
import type { HttpExpectation } from '../domain/health/health-check.ts'
import { jsonAt, parseJsonPath } from '../domain/text/json-path.ts'
import { sameJson, type Json } from '../domain/text/json.ts'
import { parseJson } from '../domain/text/parse-json.ts'
import type { HttpResponse } from '../platform/platform.ts'

/** The first expectation an answer does not meet, in words; `undefined` when it meets all. Pure. */
export function httpDifference(expect: HttpExpectation, response: HttpResponse, latencyMs: number): string | undefined {
  return (
    statusDifference(expect.statuses, response.status) ??
    latencyDifference(expect.maxLatencyMs, latencyMs) ??
    headerDifference(expect.headers, response.headers) ??
    jsonDifference(expect.json, response.body)
  )
}

function statusDifference(statuses: readonly number[], status: number): string | undefined {
  if (statuses.length === 0) return status >= 200 && status < 300 ? undefined : String(status)
  return statuses.includes(status) ? undefined : `${status}, not ${statuses.join(' or ')}`
}

function latencyDifference(maxMs: number | null, latencyMs: number): string | undefined {
  if (maxMs === null || latencyMs <= maxMs) return undefined
  return `${Math.round(latencyMs)}ms, at most ${durationText(maxMs)}`
}

function headerDifference(expected: HttpExpectation['headers'], headers: HttpResponse['headers']): string | undefined {
  for (const [name, value] of expected) {
    const found = headers[name]
    if (found === undefined) return `header ${name} is missing`
    if (found !== value) return `header ${name} is "${found}", not "${value}"`
  }
  return undefined
}

function jsonDifference(expected: HttpExpectation['json'], bytes: Uint8Array): string | undefined {
  if (expected.length === 0) return undefined
  const body = parseJson(bytes) as Json | undefined
  if (body === undefined) return 'the body is no JSON'
  for (const [path, value] of expected) {
    const found = jsonAt(body, parseJsonPath(path) ?? [])
    if (found === undefined) return `${path} is missing`
    if (!sameJson(found, value)) return `${path} is ${JSON.stringify(found)}, not ${JSON.stringify(value)}`
  }
  return undefined
}
