import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'

const workflows = readdirSync('.github/workflows').map((name) => join('.github/workflows', name))
const forms = readdirSync('.github/ISSUE_TEMPLATE').map((name) => join('.github/ISSUE_TEMPLATE', name))

test('every action of a workflow is pinned to a commit, with its version beside it', () => {
  const uses = workflows.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/uses: (.+)$/gmu)].map(([, used = '']) => `${file}: ${used}`),
  )
  const isPinned = (line: string) => /: (?:\.\/\S+|[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+)$/u.test(line)

  expect(uses.length).toBeGreaterThan(4)
  expect(uses.filter((line) => !isPinned(line))).toEqual([])
})

test('a workflow may read the repository, and only the job that publishes may ask for an identity', () => {
  const permissions = workflows.map((file) => {
    const { permissions: all, jobs } = parse(readFileSync(file, 'utf8')) as {
      readonly permissions: unknown
      readonly jobs: Readonly<Record<string, { readonly permissions?: unknown }>>
    }
    const ofJobs = Object.entries(jobs).flatMap(([name, job]) => (job.permissions ? [[name, job.permissions]] : []))
    return [all, ...ofJobs]
  })

  expect(permissions).toEqual([
    [{ contents: 'read' }],
    [{ contents: 'read' }, ['publish', { contents: 'read', 'id-token': 'write' }]],
  ])
})

test('CI runs on Linux, macOS and Windows', () => {
  const text = readFileSync('.github/workflows/ci.yml', 'utf8')

  expect([...text.matchAll(/runs-on: (ubuntu|macos|windows)-/gu)].map(([, system]) => system)).toEqual(
    expect.arrayContaining(['ubuntu', 'macos', 'windows']),
  )
})

test('the forms for issues and the settings of Dependabot are YAML that holds what GitHub requires', () => {
  const settings = forms.map((file): unknown => parse(readFileSync(file, 'utf8')))

  for (const form of settings) {
    expect(form).toEqual(
      expect.objectContaining(
        'contact_links' in (form as object)
          ? { blank_issues_enabled: false }
          : { name: expect.any(String), description: expect.any(String), body: expect.any(Array) },
      ),
    )
  }
  expect(parse(readFileSync('.github/dependabot.yml', 'utf8'))).toMatchObject({
    version: 2,
    updates: [{ 'package-ecosystem': 'npm' }, { 'package-ecosystem': 'github-actions' }],
  })
})

test('every test file belongs to a project of the suite', () => {
  const config = readFileSync('vitest.config.ts', 'utf8')
  const files = readdirSync('test', { recursive: true, encoding: 'utf8' }).filter(
    (name) => /\.test\.tsx?$/u.test(name) && !name.startsWith('servers/'),
  )
  const words = new Set([...config.matchAll(/'([^']*)'/gu)].flatMap(([, pattern = '']) => pattern.split(/[^\w-]+/u)))

  const homeless = files.filter((name) => !words.has(name.split('/')[0]?.replace(/\.test\.tsx?$/u, '') ?? ''))

  expect(files.length).toBeGreaterThan(300)
  expect(homeless).toEqual([])
})
