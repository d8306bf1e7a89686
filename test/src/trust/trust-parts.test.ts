import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hashParts, sortParts, type TrustPart } from '../../../src/trust/trust-part.ts'
import { partText } from '../../../src/trust/part-text.ts'
import { trustProject } from '../../support/projects/trust-project.ts'

const part: fc.Arbitrary<TrustPart> = fc.record({
  kind: fc.constantFrom('program', 'secret', 'login', 'request'),
  what: fc.string({ unit: 'binary' }),
  where: fc.string({ unit: 'binary' }),
  digest: fc.constantFrom('', '1', '2'),
})
const parts = fc.uniqueArray(part, { selector: (one) => JSON.stringify(one), maxLength: 8 })

async function partsOf(deployment: string, npmrc = ''): Promise<readonly string[]> {
  const project = trustProject(deployment)
  if (npmrc !== '') project.write('.npmrc', npmrc)
  return (await (await project.open()).trust()).parts.map((one) => `${one.kind} ${partText(one)}`)
}

describe('the hash of what a project names', () => {
  test('does not depend on the order, and changes with every change of a part', () => {
    fc.assert(
      fc.property(parts, part, fc.nat(), (given, other, at) => {
        const changed = given.map((one, index) => (index === at % Math.max(1, given.length) ? other : one))
        const isSame = JSON.stringify(sortParts(changed)) === JSON.stringify(sortParts(given))

        expect(hashParts(given.toReversed())).toBe(hashParts(given))
        expect(hashParts(changed) === hashParts(given)).toBe(isSame)
        expect(hashParts([...given, other]) === hashParts(given)).toBe(
          given.some((one) => JSON.stringify(one) === JSON.stringify(other)),
        )
      }),
      { seed: 7, numRuns: 500 },
    )
  })

  test('tells parts apart whose words only join to the same text', async () => {
    const [joined, split] = await Promise.all(
      ['["./deploy", "a b"]', '["./deploy", "a", "b"]'].map(async (command) => {
        const trust = await trustProject(
          `  blue_green: { blue: { url: "http://b" }, green: { url: "http://g" }, deploy: { command: ${command} } }\n`,
        ).open()
        return (await trust.trust()).hash
      }),
    )

    expect(joined).not.toBe(split)
  })
})

describe('what a project names', () => {
  test.each([
    [
      'a health check',
      '  health_checks: [{ name: up, command: "./up.sh -x" }]\n',
      'program ./up.sh -x  (health check up)',
    ],
    [
      'a request that may change something',
      '  health_checks: [{ name: up, url: "http://h/x", method: POST }]\n',
      'request POST http://h/x  (health check up)',
    ],
    [
      'a secret of a header',
      '  health_checks: [{ name: up, url: "http://h/x", headers: { x: "k ${env:KEY}" } }]\n',
      'secret ${env:KEY}  →  http://h/x',
    ],
    [
      'a secret of a metric source',
      '  metrics: { sources: { p: { type: prometheus, address: "http://p", headers: { a: "${file:/k}" } } } }\n',
      'secret ${file:/k}  →  http://p',
    ],
    [
      'a smoke test',
      '  rollback: { validation: { run_smoke_tests: { command: "./smoke.sh" } } }\n',
      'program ./smoke.sh  (smoke test of a target)',
    ],
    [
      'the schema of the data',
      '  rollback: { validation: { check_backwards_compatibility: { schema: "./schema.sh" } } }\n',
      'program ./schema.sh  (schema of the live data)',
    ],
    [
      'a token of a registry',
      '  registries: [{ format: npm, registry: "https://r", token: "${env:T}" }]\n',
      'secret ${env:T}  →  https://r',
    ],
    ['the npm login', '  registries: [{ format: npm, registry: "https://r" }]\n', 'login your npm login  →  https://r'],
    [
      'the docker login',
      '  registries: [{ format: docker, registry: "ghcr.io/a/b", tags: [latest] }]\n',
      'login your docker login  →  ghcr.io/a/b',
    ],
    [
      'the git login',
      '  registries: [{ format: brew, registry: a/homebrew-t, remote: "https://g/t.git" }]\n',
      'login your git login  →  https://g/t.git',
    ],
    [
      'the remote of the lock',
      '  lock: { backend: git, remote: "ssh://git@g/l.git" }\n',
      'login your login for git  →  ssh://git@g/l.git',
    ],
  ])('holds %s', async (_title, deployment, expected) => {
    expect(await partsOf(deployment)).toContain(expected)
  })

  test.each([
    ['inside of the project, without hooks', 'inside', 'untrusted', []],
    ['beside the project, without hooks', 'beside', 'unneeded', []],
    ['beside the project, with a sample of a hook', 'beside', 'unneeded', ['hooks/update.sample']],
    ['beside the project, with a hook', 'beside', 'untrusted', ['hooks/pre-receive']],
    ['in a work tree beside the project, with a hook', 'beside', 'untrusted', ['.git/hooks/pre-receive']],
    ['beside the project, with hooks elsewhere', 'beside', 'untrusted', ['config']],
  ])('holds the hooks of a repository on this disk: %s', async (_title, place, state, files) => {
    const project = trustProject('')
    const remote = place === 'inside' ? `${project.root}/tap.git` : `${project.root}-beside/tap.git`
    for (const file of files) {
      mkdirSync(dirname(join(remote, file)), { recursive: true })
      writeFileSync(join(remote, file), '[core]\n\thooksPath = /somewhere\n')
    }
    const registries = `  registries: [{ format: brew, registry: a/homebrew-t, remote: "${remote}" }]`
    project.write('bagboy.yaml', `name: app\ndeployment:\n${registries}\n`)

    const report = await (await project.open()).trust()

    expect(report.parts.map(({ kind, what }) => `${kind} ${what}`)).toEqual([
      'program git, with the hooks of that repository',
    ])
    expect(report.state).toBe(state)
  })

  test('holds the deploy command, the traffic programs and the variables they get', async () => {
    const found = await partsOf(
      '  blue_green:\n    blue: { url: "http://b" }\n    green: { url: "http://g" }\n    deploy: { command: ["./deploy.sh"], env: [A] }\n    traffic: { provider: command, switch: ["./switch.sh"], status: ["./status.sh"], env: [B] }\n',
    )

    expect(found).toEqual(
      expect.arrayContaining([
        'program ./deploy.sh  (the deploy command)',
        'secret ${env:A}  →  the deploy command',
        'program ./switch.sh  (traffic by The traffic command)',
        'program ./status.sh  (traffic by The traffic command)',
        'secret ${env:B}  →  traffic by The traffic command',
      ]),
    )
  })

  test('holds over which way a .npmrc has logins leave, and which other files it names', async () => {
    const npmrc = [
      'proxy=http://proxy.example:3128 ; of the office',
      'strict-ssl=false',
      'cafile=ca.pem',
      'userconfig=other.npmrc',
      'save-exact=true',
    ].join('\n')

    expect((await partsOf('', npmrc)).filter((line) => line.includes('.npmrc'))).toEqual([
      'login your npm logins, by cafile in .npmrc  →  every npm registry',
      'login your npm logins, by proxy in .npmrc  →  every npm registry',
      'login your npm logins, by strict-ssl in .npmrc  →  every npm registry',
      'login your npm logins, with userconfig of .npmrc  →  every npm registry',
    ])
  })

  test('holds what a .npmrc sends, without showing a token', async () => {
    const found = await partsOf(
      '',
      'registry=https://r/\n//r/a/:_authToken=${T}\n//r/b/:_authToken=npm_secret\nloglevel=warn\n',
    )

    // A token that stands there word for word is the project's own.
    expect(found).toEqual([
      'login your logins for the registries that its history names  →  deployment-history.yml',
      'login your npm login, by registry in .npmrc  →  https://r/',
      'secret ${T} of .npmrc  →  r/a/',
    ])
  })
})
