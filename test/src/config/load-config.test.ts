import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Config } from '../../../src/config/config.ts'
import { findConfig, loadConfig } from '../../../src/config/load-config.ts'
import { createNodeFiles } from '../../../src/platform/node/files/files.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { cpuMsOf } from '../../support/clocks/cpu-time.ts'

const files = createNodeFiles()

const SEED_BLOCK = `# bagboy.yaml
deployment:
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

function load(text: string, environment?: string): Promise<Config> {
  const file = join(temporaryFolder('config'), 'bagboy.yaml')
  writeFileSync(file, text)
  return loadConfig({ files, file, env: {}, ...(environment === undefined ? {} : { environment }) })
}

describe('a configuration', () => {
  test("is the seed's block as it stands", async () => {
    const config = await load(SEED_BLOCK)

    expect(config).toMatchObject({
      environment: 'production',
      history: { keep: 25, keepHealthy: 3 },
      rollback: { hold: true, parallelism: 4, timeoutMs: 600_000, onPartialFailure: 'pause', requireReason: false },
      lock: { ttlMs: 900_000, heartbeatMs: 30_000, waitMs: 0 },
      registries: [],
    })
    expect(config.history.file).toBe(join(config.root, '.bagboy/deployment-history.yml'))
  })

  test.each([
    ['lock: { backend: file }', undefined],
    ['lock: { backend: git }', { remote: '', refPrefix: 'refs/bagboy/lock' }],
    [
      'lock: { backend: git, remote: "git@git.example.com:acme/app.git", ref_prefix: refs/bagboy/staging }',
      { remote: 'git@git.example.com:acme/app.git', refPrefix: 'refs/bagboy/staging' },
    ],
  ])('says with %s where the lock is', async (line, git) => {
    const { lock } = await load(under(line))

    expect(lock.git).toEqual(git)
  })

  test.each([
    ['lock: { backend: git, remote: --upload-pack=x }', /begins with "-"/u],
    ['lock: { backend: git, remote: "https://u:secret@git.example.com/a" }', /holds a password/u],
    ['lock: { backend: git, ref_prefix: refs/heads/lock }', /is no prefix for refs of our own/u],
    ['lock: { backend: git, ref_prefix: "refs/bagboy/../x" }', /is no prefix for refs of our own/u],
    ['lock: { remote: /srv/git/app.git }', /is only for backend: git/u],
  ])('is refused with %s', async (line, message) => {
    await expect(load(under(line))).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringMatching(message),
    })
  })

  test.each(['- x\n', 'myapp\n', '7\n'])('is refused where it has no keys: %j', async (text) => {
    await expect(load(text)).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
  })

  test('may hold every key of the documented example', async () => {
    const file = join(temporaryFolder('config'), 'bagboy.yaml')
    copyFileSync(new URL('../../../src/config/example.yaml', import.meta.url), file)

    const config = await loadConfig({ files, file, env: {} })

    expect(config.app).toBe('myapp')
    expect(config.registries.map(({ format }) => format)).toEqual(['brew', 'scoop', 'docker', 'npm'])
    expect(config.registries[2]?.options).toEqual({ tags: ['latest', 'stable', '1'] })
    expect(config.registries[3]?.options).toMatchObject({ token: '${env:NPM_TOKEN}', packages: ['@myapp/cli-*'] })
    expect(config.registries[3]?.locationOf([])).toMatch(/^bagboy\.yaml:\d+:7$/u)
  })

  test('says how blue and green are told apart and how traffic moves', async () => {
    const { blueGreen } = await load(
      under(
        'analysis: { checks: [{ name: errors, source: probes, max: "5%" }] }\nblue_green:\n  blue: { url: "http://10.0.0.11" }\n  traffic:\n    provider: haproxy\n    backend: app\n    steps:\n' +
          '      - weight: 10\n      - pause: 2m\n      - analysis: errors\n      - pause: {}\n      - pause: { timeout: 1h, on_timeout: revert }',
      ),
    )

    expect(blueGreen).toMatchObject({
      slots: { blue: { url: 'http://10.0.0.11', label: 'blue' }, green: { url: null, label: 'green' } },
      keepPreviousMs: 3_600_000,
      autoPromote: false,
      deploy: null,
      traffic: {
        provider: 'haproxy',
        options: { backend: 'app' },
        onFailure: 'revert',
        steps: [
          { kind: 'weight', percent: 10 },
          { kind: 'pause', ms: 120_000, onTimeout: 'go-on' },
          { kind: 'analysis', checks: ['errors'] },
          { kind: 'pause', ms: null, onTimeout: 'wait' },
          { kind: 'pause', ms: 3_600_000, onTimeout: 'revert' },
        ],
      },
    })
  })

  test('takes its registries from the packager when it lists none', async () => {
    const config = await load(
      'name: app\ngithub:\n  owner: me\n  tap: { enabled: true, repo: homebrew-tap }\n  bucket: { repo: other/bucket }\n',
    )

    expect(config.registries.map(({ format, registry }) => [format, registry])).toEqual([
      ['brew', 'me/homebrew-tap'],
      ['scoop', 'other/bucket'],
    ])
  })

  test.each([
    ['nothing', ''],
    ['only keys of the packager', 'name: app\nversion: 1.0\nsigning: { x: !custom [1] }\nbinaries:\n  linux: a\n'],
    ['anchors of the packager', 'base: &b { a: 1 }\nother:\n  <<: *b\n'],
    ['a trigger map instead of a list', 'deployment:\n  rollback:\n    auto_trigger: { health_check_failures: 2 }\n'],
    ['an alias in the block', 'x: &t 30s\ndeployment:\n  lock: { ttl: *t }\n'],
  ])('may hold %s', async (_name, text) => {
    expect((await load(text)).environment).toBe('production')
  })

  test('is about another environment when it is told so', async () => {
    expect((await load('deployment: { environment: staging }', 'canary')).environment).toBe('canary')
  })
})

const under = (lines: string) => `deployment:\n${lines.replaceAll(/^/gmu, '  ')}\n`

describe('an error in a configuration', () => {
  test.each([
    ['an unknown key', under('strateg: direct'), '2:3', /unknown key "strateg"; did you mean strategy\?/u],
    ['an unknown key deep inside', under('rollback:\n  retry: { attempt: 3 }'), '3:14', /did you mean attempts\?/u],
    ['a key far from all others', under('zzzzzzzz: 1'), '2:3', /the keys here are strategy, environment/u],
    [
      'an unknown strategy',
      under('strategy: blu-green'),
      '2:13',
      /did you mean blue-green\? It is one of blue-green, gradual/u,
    ],
    ['a key twice', under('strategy: direct\nstrategy: direct'), '3:3', /strategy stands here twice/u],
    ['a number for a duration', under('lock: { ttl: 15 }'), '2:16', /ttl is 15; write a duration such as 30s/u],
    ['a duration of no unit', under('lock: { ttl: "15" }'), '2:16', /ttl is "15"; write a duration such as 30s/u],
    [
      'a ratio without percent',
      under('rollback:\n  auto_trigger:\n    - error_rate_threshold: "0.05"'),
      '4:31',
      /write a percentage such as 5%/u,
    ],
    ['a text for a number', under('history: { keep: many }'), '2:20', /keep is "many"; write a (?:whole )?number/u],
    ['a negative number', under('history: { keep: -1 }'), '2:20', /write at least 0/u],
    [
      'a check of two kinds',
      under('health_checks:\n  - { url: "http://x", tcp: "x:1" }'),
      '3:7',
      /exactly one of url, command and tcp/u,
    ],
    [
      'a registry without a name',
      under('registries:\n  - format: npm'),
      '3:7',
      /registry is missing; add it as a text/u,
    ],
    [
      'a share beyond all',
      under('blue_green:\n  traffic: { provider: x, steps: [{ weight: 101 }] }'),
      '3:47',
      /weight is 101; write at most 100/u,
    ],
    [
      'a step that is two',
      under('blue_green:\n  traffic: { provider: x, steps: [{ weight: 10, pause: 1m }] }'),
      '3:37',
      /give it exactly one of weight, pause and analysis/u,
    ],
    [
      'a step nobody knows',
      under('blue_green:\n  traffic: { provider: x, steps: [{ wait: 1m }] }'),
      '3:39',
      /unknown key "wait"/u,
    ],
    [
      'a traffic step of an analysis that is not there',
      under(
        'analysis: { checks: [{ name: errors, source: probes, max: "5%" }] }\nblue_green:\n' +
          '  traffic: { provider: x, steps: [{ analysis: [error] }] }',
      ),
      '4:50',
      /there is no analysis check error; did you mean errors\?/u,
    ],
    [
      'a traffic step of an analysis where none is configured',
      under('blue_green:\n  traffic: { provider: x, steps: [{ analysis: errors }] }'),
      '3:49',
      /there is no analysis check errors: analysis\.checks is empty/u,
    ],
    [
      'a check of a slot where there are none',
      under('health_checks:\n  - { url: "http://x", target: blue }'),
      '3:34',
      /there are no slots/u,
    ],
    [
      'a check of a slot without an address',
      under(
        'blue_green: { green: { url: "http://g" } }\nhealth_checks:\n  - { url: "http://${target_host}/", target: blue }',
      ),
      '4:48',
      /set blue_green\.blue\.url/u,
    ],
    [
      'a smoke test against a preview without an address',
      under('rollback:\n  validation:\n    - run_smoke_tests: { url: "http://${target_host}/", against: preview }'),
      '4:68',
      /set blue_green\.preview_url/u,
    ],
    [
      'a registry that stands in the list twice',
      under('registries:\n  - { format: npm, registry: "https://a" }\n  - { format: npm, registry: "https://a" }'),
      '4:32',
      /item 1 of the list is this one already/u,
    ],
    [
      'a protection that pruning does not have',
      under('history: { protect: [activ] }'),
      '2:24',
      /did you mean active\?/u,
    ],
    [
      'a fixed version that is to be published',
      under('rollback: { reissue: { enabled: true } }'),
      '2:35',
      /not supported yet; write false/u,
    ],
    ['a list that is a map', under('registries: { format: npm }'), '2:15', /registries is a map; write a list/u],
    ['broken YAML', under('lock: { ttl: 15m'), '3:1', /.+; .+/u],
    [
      'a secret key of objects',
      under('metrics:\n  sources: { __proto__: { a: b } }'),
      '3:16',
      /the key __proto__ is refused/u,
    ],
    ['a second document', 'deployment: {}\n---\nname: x\n', '2:1', /a second document starts here/u],
  ])('names line, column and remedy for %s', async (_name, text, place, message) => {
    const error: unknown = await load(text).catch((reason: unknown) => reason)

    expect(error).toMatchObject({ code: 'CONFIG_INVALID', hint: expect.stringMatching(/config check/u) })
    expect(String(error)).toContain(`bagboy.yaml:${place}: `)
    expect(String(error)).toMatch(message)
  })

  test('that is an alias bomb or a tower is found at once', async () => {
    const bomb = Array.from({ length: 20 }, (_, index) => `a${index + 1}: &a${index + 1} [${`*a${index}, `.repeat(9)}]`)
    const texts = [`a0: &a0 [x]\n${bomb.join('\n')}\ndeployment: { hooks: *a20 }\n`, under(`x: ${'['.repeat(10_000)}`)]

    for (const text of texts) {
      const cpuMs = await cpuMsOf(() => expect(load(text)).rejects.toMatchObject({ code: 'CONFIG_INVALID' }))

      expect(cpuMs).toBeLessThan(1000)
    }
  })

  test('never carries control characters of the file', async () => {
    const error: unknown = await load(under('strategy: "\\u001b[2Jx"')).catch((reason: unknown) => reason)

    expect(String(error)).toContain('^[[2Jx')
    expect(String(error)).not.toContain('\u001b')
  })

  test('is a missing file that is named', async () => {
    const missing = loadConfig({ files, file: join(temporaryFolder('config'), 'no.yaml'), env: {} })

    await expect(missing).rejects.toMatchObject({
      code: 'CONFIG_NOT_FOUND',
      message: expect.stringContaining('no.yaml'),
    })
  })
})

describe('the configuration file', () => {
  test.each(['bagboy.yaml', 'bagboy.yml', '.bagboy.yaml', '.bagboy.yml'])(
    'is found as %s, from a folder below',
    async (name) => {
      const root = temporaryFolder('config')
      mkdirSync(join(root, 'a/b'), { recursive: true })
      writeFileSync(join(root, name), '')

      expect(await findConfig(files, join(root, 'a/b'))).toBe(join(root, name))
    },
  )

  test('is taken in the order in which the packager looks', async () => {
    const root = temporaryFolder('config')
    for (const name of ['.bagboy.yml', 'bagboy.yml', 'bagboy.yaml']) writeFileSync(join(root, name), '')

    expect(await findConfig(files, root)).toBe(join(root, 'bagboy.yaml'))
  })
})
