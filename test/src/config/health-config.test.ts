import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Config } from '../../../src/config/config.ts'
import { loadConfig } from '../../../src/config/load-config.ts'
import { createNodeFiles } from '../../../src/platform/node/files/files.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const files = createNodeFiles()

function load(block: string): Promise<Config> {
  const file = join(temporaryFolder('config'), 'bagboy.yaml')
  writeFileSync(file, `deployment:\n${block.replaceAll(/^/gmu, '  ')}\n`)
  return loadConfig({ files, file, env: {} })
}

const SEED = `
strategy: "blue-green"
health_checks:
  - url: "https://api.myapp.com/health"
    timeout: "30s"
    retries: 3
  - command: "curl -f http://localhost:8080/ready"
    timeout: "10s"
rollback:
  auto_trigger:
    - health_check_failures: 3
    - error_rate_threshold: "5%"
    - response_time_threshold: "2s"
  validation:
    - run_smoke_tests: true
    - verify_dependencies: true
    - check_backwards_compatibility: true
`

const METRICS = `
health_checks: [{ name: ready, tcp: 'db:5432' }]
metrics: { sources: { prom: { type: prometheus, address: 'http://prom:9090/' } } }
analysis: { checks: [{ name: errors, source: prom, query: 'sum(rate(e[2m])) / sum(rate(r[2m]))', max: 5% }] }
`

describe('what is watched', () => {
  test("is understood from the seed's block as it stands", async () => {
    const { health, validation } = await load(SEED)

    expect(health.checks).toMatchObject([
      {
        kind: 'http',
        name: 'api.myapp.com/health',
        timeoutMs: 30_000,
        retries: 3,
        severity: 'critical',
        target: 'active',
      },
      { kind: 'command', words: ['curl', '-f', 'http://localhost:8080/ready'], timeoutMs: 10_000, retries: 0 },
    ])
    expect(health.triggers).toEqual([
      {
        number: 1,
        conditions: [
          { kind: 'health_check_failures', max: 3, forCount: 1, windowMs: null, minSamples: 0, check: null },
        ],
      },
      {
        number: 2,
        conditions: [
          {
            kind: 'error_rate_threshold',
            max: 0.05,
            forCount: 2,
            windowMs: 300_000,
            minSamples: 20,
            check: null,
            source: null,
          },
        ],
      },
      {
        number: 3,
        conditions: [
          {
            kind: 'response_time_threshold',
            max: 2000,
            forCount: 2,
            windowMs: 300_000,
            minSamples: 20,
            check: null,
            source: null,
          },
        ],
      },
    ])
    expect(validation).toMatchObject({
      smokeTests: { words: null, url: null },
      dependencies: 'block',
      compatibility: { level: 'block' },
      artifacts: { checksums: 'off' },
    })
    expect(health.auto.mode).toBeNull()
  })

  test('may be triggers as a plain map: each key is an item of its own', async () => {
    const { health } = await load('rollback: { auto_trigger: { health_check_failures: 2, error_rate_threshold: 1% } }')

    expect(health.triggers.map(({ conditions }) => conditions.map(({ kind }) => kind))).toEqual([
      ['health_check_failures'],
      ['error_rate_threshold'],
    ])
  })

  test('keeps the keys of one item together', async () => {
    const { health } = await load(
      'rollback: { auto_trigger: [{ health_check_failures: 2, error_rate_threshold: 1%, response_time_threshold: 1s }] }',
    )

    expect(health.triggers).toHaveLength(1)
    expect(health.triggers[0]?.conditions).toHaveLength(3)
  })

  test('asks the query of a source, which need not be named when it has but one', async () => {
    const { health } = await load(
      `${METRICS}rollback: { auto_trigger: [{ error_rate_threshold: { max: 2%, source: prom, for: 3, min_samples: 100 } }] }`,
    )

    expect(health.triggers[0]?.conditions).toEqual([
      {
        kind: 'error_rate_threshold',
        max: 0.02,
        forCount: 3,
        windowMs: 300_000,
        minSamples: 100,
        check: 'errors',
        source: 'prom',
      },
    ])
    expect(health.sources).toMatchObject([{ name: 'prom', address: 'http://prom:9090' }, { name: 'probes' }])
  })

  test.each([
    ['max: 2s', null, { value: 2000, unit: 'ms' }, 0.95],
    ['max: 2s', 0.5, { value: 2000, unit: 'ms' }, 0.5],
    ['max: 5%', null, { value: 0.05, unit: 'ratio' }, null],
  ])('measures of probes with %s and the quantile %s what its unit says', async (limit, quantile, max, expected) => {
    const key = quantile === null ? '' : `, quantile: ${quantile}`
    const { health } = await load(`analysis: { checks: [{ name: a, source: probes, ${limit}${key} }] }`)

    expect(health.analysis.checks[0]).toMatchObject({
      max,
      quantile: expected,
      failureLimit: 0,
      consecutiveErrorLimit: 4,
    })
  })

  test('tells checks of one address apart', async () => {
    const { health } = await load("health_checks: [{ tcp: 'db:1' }, { tcp: 'db:1' }, { tcp: '[::1]:5432' }]")

    expect(health.checks.map(({ name }) => name)).toEqual(['db:1', 'db:1 (2)', '[::1]:5432'])
    expect(health.checks[2]).toMatchObject({ host: '::1', port: 5432 })
  })

  test('runs a command through a shell only when that is written', async () => {
    const { health } = await load("health_checks: [{ command: 'a | b', shell: true }]")

    expect(health.checks[0]).toMatchObject({ words: ['sh', '-c', 'a | b'] })
  })

  test('merges the validations, the later one winning', async () => {
    const { validation, rollback } = await load(
      'rollback: { validation: [{ verify_dependencies: true, require_reason: true }, { verify_dependencies: warn }] }',
    )

    expect([validation.dependencies, rollback.requireReason]).toEqual(['warn', true])
  })
})

describe('an error of the health part', () => {
  const trigger = (item: string) => `${METRICS}rollback: { auto_trigger: [${item}] }`

  test.each([
    ['health_checks: [{ name: a }]', /give it exactly one of url, command and tcp/u],
    ["health_checks: [{ url: 'https://a.b', tcp: 'a:1' }]", /give it exactly one of url, command and tcp/u],
    ["health_checks: [{ url: 'ftp://a.b' }]", /url is "ftp:\/\/a\.b"; write an http or https address/u],
    ["health_checks: [{ url: 'https://${target_hots}/' }]", /did you mean \$\{target_host\}/u],
    ["health_checks: [{ tcp: 'db.internal' }]", /write host:port/u],
    ["health_checks: [{ tcp: 'db:70000' }]", /write host:port/u],
    ["health_checks: [{ command: 'curl -f http://a | grep ok' }]", /"\|" is for a shell.*shell: true/u],
    ['health_checks: [{ command: "curl -f \'http://a" }]', /the quote ' is not closed/u],
    ["health_checks: [{ command: '' }]", /name a program/u],
    ["health_checks: [{ command: 'X=1 run' }]", /only a shell understands its beginning/u],
    ["health_checks: [{ command: 'a', method: GET }]", /method is "GET"; it is only for a check with url/u],
    ["health_checks: [{ tcp: 'a:1', shell: true }]", /it is only for a check with command/u],
    ["health_checks: [{ url: 'https://a.b', method: DELETE }]", /a check reads/u],
    ["health_checks: [{ url: 'https://a.b', intervall: 1s }]", /unknown key "intervall"; did you mean interval/u],
    ["health_checks: [{ url: 'https://a.b', interval: 10ms }]", /write at least 100ms/u],
    ["health_checks: [{ url: 'https://a.b', expect: { json: { 'status': ok } } }]", /write the path to one value/u],
    ["health_checks: [{ url: 'https://a.b', expect: { status: 42 } }]", /write at least 100/u],
    ["health_checks: [{ name: a, tcp: 'a:1' }, { name: a, tcp: 'b:1' }]", /another check has this name already/u],
    ['metrics: { sources: { p: { type: prometheus } } }', /address is missing/u],
    [
      'metrics: { sources: { d: { type: datadog, api_key: abc, app_key: abc } } }',
      /a secret never stands in this file/u,
    ],
    ['metrics: { sources: { p: { type: graphite } } }', /prometheus|Invalid/u],
    ['analysis: { checks: [{ name: a, source: probes }] }', /say when it is bad/u],
    ['analysis: { checks: [{ name: a, source: probes, max: fast }] }', /write a percentage \(5%\)/u],
    ['analysis: { checks: [{ name: a, source: probes, max: 3 }] }', /a percentage for failures, a duration/u],
    ['analysis: { checks: [{ name: a, source: probes, max: 5%, quantile: 0.9 }] }', /it is for a duration/u],
    ['analysis: { checks: [{ name: a, source: probes, max: 5%, query: up }] }', /our own probes are not queried/u],
    ['analysis: { checks: [{ name: a, source: prom, query: up, max: 1 }] }', /did you mean|the sources are probes/u],
    ['analysis: { checks: [{ name: a, source: probes, max_ratio_to_baseline: 2 }] }', /it needs a baseline_query/u],
    [
      METRICS.replace('max: 5%', 'max: 5%, min_samples: 5').replace("'sum(rate(e[2m])) / sum(rate(r[2m]))'", 'up'),
      /how many requests the query of errors is about cannot be told from it; add samples_query to that check, such as samples_query: 'sum\(increase\(http_requests_total\[5m\]\)\)'/u,
    ],
    [METRICS.replace("query: 'sum(rate(e[2m])) / sum(rate(r[2m]))', ", ''), /needs a query/u],
    ['rollback: { auto_trigger: [{}] }', /an item needs a condition/u],
    ['rollback: { auto_trigger: [{ health_check_failures: 0 }] }', /write at least 1/u],
    ['rollback: { auto_trigger: [{ error_rate_threshold: 5 }] }', /error_rate_threshold is 5; write/u],
    ['rollback: { auto_trigger: [{ error_rate: 5% }] }', /unknown key "error_rate"/u],
    [trigger('{ analysis: error }'), /there is no check error; did you mean errors/u],
    [trigger('{ error_rate_threshold: { max: 1%, source: pro } }'), /did you mean prom/u],
    [
      trigger('{ error_rate_threshold: { max: 1%, source: prom, check: x } }'),
      /there is no check x; there are errors/u,
    ],
    [trigger('{ error_rate_threshold: { max: 1%, check: read } }'), /did you mean ready/u],
    [trigger('{ health_check_failures: { max: 2, source: prom } }'), /failing rounds are those of our own probes/u],
    [trigger('{ health_check_failures: { max: 2, check: x } }'), /there is no check x; there are ready/u],
    ['rollback: { validation: [{ run_smoke_test: true }] }', /did you mean run_smoke_tests/u],
    [
      "rollback: { validation: { run_smoke_tests: { command: 'a', url: 'https://a.b' } } }",
      /give it either command or url/u,
    ],
    ["rollback: { validation: { check_backwards_compatibility: { schema: 'a && b' } } }", /"&" is for a shell/u],
  ])('%#: says what is wrong and what would be right', async (block, message) => {
    const error = await load(block).catch((thrown: unknown) => thrown)

    expect(error).toMatchObject({ code: 'CONFIG_INVALID', message: expect.stringMatching(message) })
    expect((error as Error).message).toMatch(/^bagboy\.yaml:\d+:\d+: /u)
  })
})
