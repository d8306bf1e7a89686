import type { HealthCheck } from '../domain/health/health-check.ts'

/** Every text of a check that may hold a placeholder, replaced. Pure. */
export function fillCheck(check: HealthCheck, fill: (text: string) => string): HealthCheck {
  switch (check.kind) {
    case 'http': {
      const { expect, headers } = check
      return {
        ...check,
        url: fill(check.url),
        body: fill(check.body),
        headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, fill(value)])),
        expect: {
          ...expect,
          headers: expect.headers.map(([name, value]) => [name, fill(value)]),
          json: expect.json.map(([path, value]) => [path, typeof value === 'string' ? fill(value) : value]),
        },
      }
    }
    case 'command':
      return { ...check, words: check.words.map(fill), env: filled(check.env, fill) }
    case 'tcp':
      return { ...check, host: fill(check.host) }
  }
}

function filled(
  env: Readonly<Record<string, string | null>>,
  fill: (text: string) => string,
): Readonly<Record<string, string | null>> {
  return Object.fromEntries(Object.entries(env).map(([name, value]) => [name, value === null ? null : fill(value)]))
}
