import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { createSandbox, type Sandbox } from '../../../src/sandbox/create-sandbox.ts'
import { builtProgram, runProgram, type Finished } from '../../support/harness/built-program.ts'
import { startMeteredUsers, type MeteredUsers, type Traffic } from '../../support/servers/metered-users.ts'
import { missingPrometheus, startPrometheus, type Prometheus } from '../../support/servers/real/prometheus.ts'

const missing = missingPrometheus()

const requests = (filter: string): string => `sum(rate(http_requests_total{${filter}version="\${version}"}[2s]))`
const ERROR_RATE = `${requests('code=~"5..",')} / ${requests('')}`
const REQUESTS = requests('')

/** As Prometheus is asked it while the bad release is live. */
const asked = (query: string): string => query.replaceAll('${version}', '1.17.0')

/** What every decision about it is recorded with. */
const evidence = {
  kind: 'error_rate_threshold',
  threshold: '5%',
  source: 'prom',
  check: 'http-errors',
  query: asked(ERROR_RATE),
}

// /login is what the bad release fails at.
const TEN_PERCENT: Traffic = { health: 18, login: 2 }
const TWO_PERCENT: Traffic = { health: 49, login: 1 }
const NOBODY: Traffic = { health: 0, login: 0 }

interface Measured {
  readonly sandbox: Sandbox
  readonly users: MeteredUsers
  readonly prometheus: Prometheus
  /** Runs `rollback --auto` with more arguments. */
  readonly auto: (...argv: readonly string[]) => Promise<Finished>
  readonly newestEntry: () => Readonly<Record<string, unknown>>
}

const closing: (() => Promise<void>)[] = []

/** The sandbox whose error rate a real Prometheus measures; nothing else is watched. */
async function aMeasuredSandbox(traffic: Traffic): Promise<Measured> {
  const sandbox = await createSandbox({ isWatched: true })
  const users = await startMeteredUsers(sandbox.application?.url ?? '', traffic)
  const prometheus = await startPrometheus(users.host)
  closing.push(
    () => prometheus.close(),
    () => users.close(),
    () => sandbox.close(),
  )
  const file = join(sandbox.root, 'bagboy.yaml')
  const config = parse(readFileSync(file, 'utf8'))
  config.deployment.health_checks = []
  config.deployment.metrics = { sources: { prom: { type: 'prometheus', address: prometheus.url } } }
  // A version that has just got its users has no rate yet.
  Object.assign(config.deployment.analysis, { window: '8s', initial_delay: '4s' })
  config.deployment.analysis.checks = [
    { name: 'http-errors', source: 'prom', query: ERROR_RATE, max: '5%', min_samples: 20, failure_limit: 1 },
  ]
  config.deployment.rollback.auto_trigger = [
    {
      error_rate_threshold: { max: '5%', source: 'prom', check: 'http-errors', for: 2, window: '2s', min_samples: 20 },
    },
  ]
  writeFileSync(file, stringify(config))
  return {
    sandbox,
    users,
    prometheus,
    auto: (...argv) =>
      runProgram(builtProgram('bagboy-tui'), ['rollback', '--auto', ...argv], { cwd: sandbox.root, env: sandbox.env }),
    newestEntry: () => parse(readFileSync(join(sandbox.root, '.bagboy/deployment-history.yml'), 'utf8')).deployments[0],
  }
}

/** Until the last two seconds hold nothing but this traffic. */
async function hasMeasured({ prometheus }: Measured, query: string, isWanted: (value: number) => boolean) {
  await prometheus.waitForValue(asked(query), (value) => isWanted(Number(value)))
}

afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

describe.skipIf(missing)(`a real Prometheus ${missing ?? ''}`, { timeout: 120_000 }, () => {
  test('an error rate over 5 % takes the release back, and the measured value stands in the history', async () => {
    const measured = await aMeasuredSandbox(TEN_PERCENT)
    await hasMeasured(measured, ERROR_RATE, (rate) => rate > 0.09)

    const done = await measured.auto('--watch', '-o', 'json')

    expect(done.exitCode, done.stderr).toBe(0)
    expect(measured.newestEntry()).toMatchObject({
      kind: 'rollback',
      version: measured.sandbox.versions.lastGood,
      trigger: {
        kind: 'error_rate_threshold',
        // About 10 %: a rate is extrapolated to the edges of its window.
        value: expect.stringMatching(/^(?:[6-9]|1\d)(?:\.\d+)?%$/u),
        threshold: '5%',
        window: '2s',
        samples: expect.toSatisfy((count: number) => Number.isInteger(count) && count >= 20),
        source: 'prom',
        check: 'http-errors',
        query: asked(ERROR_RATE),
      },
      health: { verdict: 'healthy', watched: '8s' },
    })
  })

  test('an error rate under 5 % does not', async () => {
    const measured = await aMeasuredSandbox(TWO_PERCENT)
    await hasMeasured(measured, ERROR_RATE, (rate) => rate > 0.01)

    const quiet = await measured.auto('-o', 'json')

    expect([quiet.exitCode, JSON.parse(quiet.stdout)]).toMatchObject([0, { result: 'nothing-to-do' }])
    expect(measured.newestEntry()).toMatchObject({
      kind: 'deploy',
      version: measured.sandbox.versions.bad,
      health: { decision: { result: 'quiet', conditions: [{ ...evidence, value: expect.stringMatching(/^[1-4]/u) }] } },
    })
  })

  test('without traffic nothing can be said, so nothing is rolled back', async () => {
    const measured = await aMeasuredSandbox(TEN_PERCENT)
    await hasMeasured(measured, REQUESTS, (rate) => rate > 0)
    measured.users.send(NOBODY)
    await hasMeasured(measured, REQUESTS, (rate) => rate === 0)

    const silent = await measured.auto('-o', 'json')

    expect([silent.exitCode, JSON.parse(silent.stdout)]).toMatchObject([
      5,
      { error: { code: 'HEALTH_INCONCLUSIVE', message: expect.stringContaining('NaN') } },
    ])
    expect(measured.newestEntry()).toMatchObject({
      kind: 'deploy',
      health: {
        decision: {
          result: 'inconclusive',
          why: expect.stringContaining('NaN'),
          conditions: [{ ...evidence, detail: expect.stringContaining('NaN') }],
        },
      },
    })
  })

  test('a Prometheus that is gone rolls nothing back', async () => {
    const measured = await aMeasuredSandbox(TEN_PERCENT)
    await hasMeasured(measured, ERROR_RATE, (rate) => rate > 0.09)
    await measured.prometheus.close()

    const silent = await measured.auto('-o', 'json')

    expect([silent.exitCode, JSON.parse(silent.stdout)]).toMatchObject([
      5,
      { error: { code: 'HEALTH_INCONCLUSIVE', message: expect.stringContaining('ECONNREFUSED') } },
    ])
    expect(measured.newestEntry()).toMatchObject({
      kind: 'deploy',
      health: {
        decision: {
          result: 'inconclusive',
          why: expect.stringContaining('ECONNREFUSED'),
          conditions: [{ ...evidence, detail: expect.stringContaining('ECONNREFUSED') }],
        },
      },
    })
  })
})
