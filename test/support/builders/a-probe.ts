import type { CommandCheck, HttpCheck, TcpCheck } from '../../../src/domain/health/health-check.ts'
import type { Probe } from '../../../src/health/probe.ts'

const COMMON = {
  timeoutMs: 5000,
  retries: 0,
  intervalMs: 10_000,
  initialDelayMs: 0,
  startup: null,
  failureThreshold: 1,
  successThreshold: 1,
  severity: 'critical',
  target: 'active',
} as const

export function anHttpCheck(url: string, parts: Partial<HttpCheck> = {}): HttpCheck {
  return {
    ...COMMON,
    kind: 'http',
    name: 'api',
    url,
    method: 'GET',
    headers: {},
    body: '',
    isFreshConnection: true,
    tls: { caFile: '', certFile: '', keyFile: '' },
    expect: { statuses: [], maxLatencyMs: null, json: [], headers: [] },
    ...parts,
  }
}

export function aCommandCheck(words: readonly string[], parts: Partial<CommandCheck> = {}): CommandCheck {
  return { ...COMMON, kind: 'command', name: 'ready', words, env: {}, ...parts }
}

export function aTcpCheck(host: string, port: number, parts: Partial<TcpCheck> = {}): TcpCheck {
  return { ...COMMON, kind: 'tcp', name: 'db', host, port, ...parts }
}

export function aProbe(check: Probe['check'], parts: Partial<Probe> = {}): Probe {
  return { id: check.name, target: 'active', check, problem: '', ...parts }
}
