import type { Config } from '../config/config.ts'
import type { MetricSource } from '../domain/health/analysis.ts'
import type { HealthCheck } from '../domain/health/health-check.ts'
import { isRead } from '../health/is-read.ts'
import { secretReferences } from '../platform/fill-secrets.ts'
import { digestOf, type TrustPart } from './trust-part.ts'

/** What the checks and metric sources run and send. Pure. */
export function healthParts({ health }: Config): readonly TrustPart[] {
  return [...health.checks.flatMap(checkParts), ...health.sources.flatMap(sourceParts)]
}

function checkParts(check: HealthCheck): readonly TrustPart[] {
  const where = `health check ${check.name}`
  if (check.kind === 'command') {
    const { words, env } = check
    const passed = Object.values(env).flatMap((value) => (value === null ? [] : secretReferences(value)))
    return [
      { kind: 'program', what: words.join(' '), where, digest: digestOf(JSON.stringify([words, env])) },
      ...passed.map((what): TrustPart => ({ kind: 'secret', what, where })),
    ]
  }
  if (check.kind === 'tcp') return []
  const { url, headers, body, method, tls } = check
  const secrets = [url, ...Object.values(headers), body].flatMap(secretReferences)
  return [
    ...secrets.map((what): TrustPart => ({ kind: 'secret', what, where: url })),
    ...(tls.certFile === '' ? [] : [{ kind: 'login', what: `the certificate ${tls.certFile}`, where: url } as const]),
    ...(isRead(method) ? [] : [{ kind: 'request', what: `${method} ${url}`, where, digest: digestOf(body) } as const]),
  ]
}

function sourceParts(source: MetricSource): readonly TrustPart[] {
  if (source.type === 'probes') return []
  const texts = source.type === 'prometheus' ? Object.values(source.headers) : [source.apiKey, source.appKey]
  return texts.flatMap(secretReferences).map((what) => ({ kind: 'secret', what, where: source.address }))
}
