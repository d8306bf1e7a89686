import { describe, expect, test } from 'vitest'
import { BagboyError } from '../../../../src/errors/bagboy-error.ts'
import { parseHistory } from '../../../../src/history/read/parse-history.ts'
import { FULL_HISTORY, SEED_HISTORY } from '../../../support/builders/history-texts.ts'

const LABEL = 'deployment-history.yml'

function errorOf(text: string): BagboyError {
  try {
    parseHistory(LABEL, text)
  } catch (error) {
    if (error instanceof BagboyError) return error
    throw error
  }
  throw new Error('it was accepted')
}

describe('a history file', () => {
  test("loads the seed's sample as it stands", () => {
    const { history, schema, document } = parseHistory(LABEL, SEED_HISTORY)

    expect(schema).toBeUndefined()
    expect(document).toBeDefined()
    expect(history.held).toEqual([])
    expect(history.deployments).toEqual([
      {
        id: 2,
        kind: 'deploy',
        version: 'v1.3.0',
        timestamp: '2026-02-01T18:00:00Z',
        commit: 'abc123',
        status: 'active',
        pinned: false,
        packages: [
          { format: 'brew', registry: 'scttfrdmn/homebrew-tap', name: '', status: 'deployed' },
          { format: 'docker', registry: 'docker.io/scttfrdmn/myapp', name: '', status: 'deployed' },
        ],
        healthChecks: [{ label: 'https://api.myapp.com/health', status: 'passing' }],
      },
      {
        id: 1,
        kind: 'deploy',
        version: 'v1.2.0',
        timestamp: '2026-01-15T12:00:00Z',
        commit: 'def456',
        status: 'rolled_back_from',
        pinned: false,
        packages: [],
        healthChecks: [],
      },
    ])
  })

  test('loads the documented format with everything in it', () => {
    const { history } = parseHistory(LABEL, FULL_HISTORY)

    expect(history.deployments[0]).toMatchObject({
      id: 14,
      kind: 'rollback',
      version: 'v1.2.0',
      from: 'v1.3.0',
      run: '01JK8Q4Z7T5V',
      finished: '2026-02-01T18:43:55Z',
      environment: 'production',
      actor: { user: '@alice', via: 'git', host: 'laptop-7' },
      healthVerdict: 'healthy',
      schemaVersion: 38,
      minRollbackSchema: 36,
      trigger: { kind: 'error_rate_threshold', samples: 4210 },
    })
    expect(history.deployments[0]?.packages[0]).toEqual({
      format: 'npm',
      registry: 'https://npm.example.com',
      name: 'myapp',
      status: 'deployed',
      ref: { tag: 'latest', version: '1.2.0' },
      before: { tag: 'latest', version: '1.3.0', deprecated: null },
      verifiedAt: '2026-02-01T18:42:31Z',
      durationMs: 2140,
    })
    expect(history.held).toEqual([
      {
        version: 'v1.3.0',
        reason: '5xx 12% after deploy',
        by: '@alice',
        run: '01JK8Q4Z7T5V',
        at: '2026-02-01T18:43:55Z',
      },
    ])
  })

  test.each([
    ['nothing', ''],
    ['a comment', '# nothing yet\n'],
    ['no list', 'deployments:\n'],
    ['null', 'deployments: null\n'],
    ['an empty list', 'schema: 1\ndeployments: []\nheld: []\n'],
  ])('is a new project with %s in it', (_name, text) => {
    const { history, document } = parseHistory(LABEL, text)

    expect(history.deployments).toEqual([])
    expect(document).toBeDefined()
  })

  test('counts ids from the oldest entry and goes on from explicit ones', () => {
    const entry = (id: string) => `  - ${id}version: v1\n    timestamp: "2026-02-01T18:00:00Z"\n`
    const text = `deployments:\n${entry('')}${entry('id: 7\n    ')}${entry('')}${entry('')}`

    const ids = parseHistory(LABEL, text).history.deployments.map(({ id }) => id)

    expect(ids).toEqual([8, 7, 2, 1])
  })

  test('reads the same through Windows line ends, a byte order mark, odd indents and a document start', () => {
    const plain = parseHistory(LABEL, SEED_HISTORY).history

    for (const text of [
      SEED_HISTORY.replaceAll('\n', '\r\n'),
      `\uFEFF${SEED_HISTORY}`,
      `# head\n---\n${SEED_HISTORY}`,
      SEED_HISTORY.replace(/^ {2}/gmu, ''),
      SEED_HISTORY.replace(/^ {2}/gmu, '     '),
      SEED_HISTORY.trimEnd(),
    ]) {
      const { history, document } = parseHistory(LABEL, text)

      expect(history).toEqual(plain)
      expect(document?.pieces.map((piece) => piece.text).join('')).toBe(text)
    }
  })
})

const OLD = '  - version: v1\n    timestamp: "2026-01-01T00:00:00Z"\n'

describe('an error in a history file', () => {
  test.each([
    ['an unknown status', `deployments:\n${OLD}    status: activ\n`, '4:13', /did you mean active\?/u],
    [
      'a missing version',
      'deployments:\n  - commit: a\n    timestamp: "2026-01-01T00:00:00Z"\n',
      '2:5',
      /version is missing; add it/u,
    ],
    ['an unclosed quote', `deployments:\n${OLD}    commit: "abc\n`, '5:1', /close the quote/u],
    ['a tab', `deployments:\n${OLD}\tcommit: abc\n`, '4:1', /indent/u],
    ['a wrong indent', `deployments:\n${OLD}   commit: abc\n`, '4:4', /.+; .+/u],
    ['a key twice', `deployments:\n${OLD}    commit: a\n    commit: b\n`, '5:5', /commit stands here twice; keep one/u],
    ['a top-level key twice', `deployments:\n${OLD}deployments:\n${OLD}`, '4:1', /deployments stands here twice/u],
    [
      'an id that is no number',
      `deployments:\n${OLD}    id: x\n`,
      '4:9',
      /id is "x"; write a whole number|write a number/u,
    ],
    [
      'an id twice',
      `deployments:\n${OLD}    id: 3\n${OLD}    id: 3\n`,
      '4:9',
      /id 3 belongs to two entries.*next free id, 4/u,
    ],
    ['deployments that are a map', 'deployments:\n  a: 1\n', '2:3', /deployments is not a list/u],
    ['a list as the file', '- a\n', '1:1', /not a map of keys/u],
    [
      'packages that are a text',
      `deployments:\n${OLD}    packages: brew\n`,
      '4:15',
      /packages is "brew"; write a list/u,
    ],
    [
      'a package without registry',
      `deployments:\n${OLD}    packages:\n      - format: npm\n`,
      '5:9',
      /registry is missing/u,
    ],
    ['a schema that is a text', 'schema: one\n', '1:1', /schema is "one"; write a whole number|write a number/u],
    ['__proto__', `deployments:\n${OLD}    __proto__: { x: 1 }\n`, '4:5', /the key __proto__ is refused/u],
    ['an alias', `deployments:\n${OLD}    commit: *x\n`, '4:13', /.+; .+/u],
  ])('names line, column and remedy for %s', (_name, text, place, message) => {
    const error = errorOf(text)

    expect(error.code).toBe('HISTORY_INVALID')
    expect(error.message).toContain(`${LABEL}:${place}: `)
    expect(error.message).toMatch(message)
    expect(error.hint).toBeDefined()
  })

  test('lists the lines of an unfinished git merge', () => {
    const text = `deployments:\n<<<<<<< HEAD\n${OLD}=======\n${OLD}>>>>>>> other\n`

    const error = errorOf(text)

    expect(error.code).toBe('HISTORY_CONFLICT')
    expect(error.message).toContain('2, 5, 8')
    expect(error.hint).toMatch(/Keep both sides/u)
  })

  test('of a newer format says how to update when the file cannot be shown at all', () => {
    const error = errorOf(`schema: 7\ndeployments:\n${OLD}    status: hovering\n`)

    expect(error.code).toBe('HISTORY_TOO_NEW')
    expect(error.hint).toContain('npm install --global')
  })

  test('never carries control characters of the file', () => {
    const error = errorOf(`deployments:\n${OLD}    status: "\\u001b[2Jgone"\n`)

    expect(error.message).not.toContain('\u001b')
    expect(error.message).toContain('^[[2Jgone')
  })
})
