import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { COMMANDS } from '../src/cli/commands/index.ts'
import { loadConfig } from '../src/config/load-config.ts'
import { bindRegistries } from '../src/planner/bind-registries.ts'
import { bindTraffic } from '../src/planner/bind-traffic.ts'
import { createNodePlatform } from '../src/platform/node/create-platform.ts'
import { drivers } from '../src/registries/index.ts'
import { providers } from '../src/traffic/index.ts'
import { temporaryFolder } from './support/temporary-folder.ts'

const documents = [
  ...readdirSync('.').filter((name) => name.endsWith('.md')),
  ...readdirSync('docs', { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
]

test('every link between documents leads somewhere', () => {
  const broken = documents.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/\]\((?!https?:)([^)#]+)[^)]*\)/gu)]
      .map(([, target = '']) => join(dirname(file), target))
      .filter((target) => !existsSync(target))
      .map((target) => `${file} → ${target}`),
  )

  expect(documents.length).toBeGreaterThan(10)
  expect(broken).toEqual([])
})

test('every command line in a document names a command there is', () => {
  const names = COMMANDS.map(({ name }) => name)
  const known = new Set([...names, ...names.map((name) => name.split(' ')[0] ?? '')])

  const unknown = documents.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/(?:^|`|\$ )bagboy-tui ([a-z]+(?: [a-z]+)?)\b/gmu)]
      .map(([, words = '']) => words)
      .filter((words) => !known.has(words) && !known.has(words.split(' ')[0] ?? ''))
      .map((words) => `${file}: ${words}`),
  )

  expect(unknown).toEqual([])
})

test('every source file that a document names is there', () => {
  const sources = new Set(
    ['bin', 'components', 'src', 'store', 'test/chaos', 'test/contract', 'test/support'].flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => basename(name)),
    ),
  )
  const named = documents.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/`([\w./-]+\.(?:tsx?|mjs))`/gu)].map(([, path = '']) => ({ file, path })),
  )

  const missing = named
    .filter(({ path }) => (/^(?:bin|components|src|store|test)\//u.test(path) ? !existsSync(path) : isUnknown(path)))
    .map(({ file, path }) => `${file}: ${path}`)

  function isUnknown(path: string): boolean {
    return !path.includes('/') && !path.endsWith('.test.ts') && !sources.has(path)
  }
  expect(named.length).toBeGreaterThan(100)
  expect(missing).toEqual([])
})

test('no document leaves open who acts: outside of printed output there is no whoever, nobody or somebody', () => {
  const vague = documents.flatMap((file) =>
    readFileSync(file, 'utf8')
      .replaceAll(/^ *```[\s\S]*?^ *```$|^- \[\S+\.test\.tsx?\].*$|"[^"\n]*"/gmu, '')
      .split('\n')
      .filter((line) => /\b(?:whoever|nobody|somebody|anybody)\b/iu.test(line))
      .map((line) => `${file}: ${line}`),
  )

  expect(vague).toEqual([])
})

test('every way to corrupt a history has a test, and every test it names is there', () => {
  const sections = readFileSync('docs/how-to-corrupt-a-history.md', 'utf8').split('\n### ').slice(1)
  const named = sections.map((section) => [...section.matchAll(/^- \[[^\]]+\]\(\.\.\/([^)]+)\): (.+)$/gmu)])

  const missing = named.flat().filter(([, file = '', title = '']) => !readFileSync(file, 'utf8').includes(title))

  expect(sections.length).toBeGreaterThan(15)
  expect(sections.filter((_, index) => named[index]?.length === 0).map((section) => section.split('\n')[0])).toEqual([])
  expect(missing.map(([line]) => line)).toEqual([])
})

test('every threat that SECURITY.md names has a test, and every test it names is there', () => {
  const rows = readFileSync('SECURITY.md', 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| '))
  const threats = rows.filter((line) => !/^\| (?:-|Threat)/u.test(line))
  const testsOf = (row: string) => [...row.matchAll(/`(test\/[^`]+)`/gu)].map(([, path = '']) => path)

  expect(threats.length).toBeGreaterThan(20)
  expect(threats.filter((row) => testsOf(row).length === 0)).toEqual([])
  expect(threats.flatMap(testsOf).filter((path) => !holdsTests(path))).toEqual([])
})

/** A file of tests, or a folder with one. */
function holdsTests(path: string): boolean {
  if (!existsSync(path)) return false
  if (/\.test\.tsx?$/u.test(path)) return true
  return statSync(path).isDirectory() && readdirSync(path).some((name) => /\.test\.tsx?$/u.test(name))
}

test('the example of the configuration is valid for the reader and for the drivers', async () => {
  const platform = createNodePlatform()
  const file = join(temporaryFolder('example'), 'bagboy.yaml')
  const [, example = ''] = /```yaml\n([\s\S]*?)```/u.exec(readFileSync('docs/configuration.md', 'utf8')) ?? []
  writeFileSync(file, example)

  const config = await loadConfig({ files: platform.files, file, env: {} })

  expect(() => bindRegistries(config, drivers)).not.toThrow()
  expect(config).toMatchObject({
    app: 'myapp',
    rollback: { timeoutMs: 600_000, requireReason: true, onPartialFailure: 'pause' },
    registries: [{ format: 'docker', options: { tags: ['latest', 'stable'] } }],
  })
})

test('every key of every traffic provider is documented in its section', () => {
  const [, ...sections] = readFileSync('docs/traffic.md', 'utf8').split(/^## /mu)
  const undocumented = providers.flatMap(({ kind, options }) => {
    const section = sections.find((text) => text.startsWith(`\`${kind}\``)) ?? ''
    const keys = 'shape' in options ? Object.keys(options.shape as object) : []
    expect(keys.length, kind).toBeGreaterThan(1)
    return keys.filter((key) => !section.includes(`\`${key}\``)).map((key) => `${kind}: ${key}`)
  })

  expect(undocumented).toEqual([])
})

test('the example of the traffic document and the full one are valid for their provider', async () => {
  const { files } = createNodePlatform()
  const [, shown = ''] = /```yaml\n([\s\S]*?)```/u.exec(readFileSync('docs/traffic.md', 'utf8')) ?? []
  const bound = [shown, readFileSync('src/config/example.yaml', 'utf8')].map(async (text) => {
    const file = join(temporaryFolder('example'), 'bagboy.yaml')
    writeFileSync(file, text)
    return bindTraffic(await loadConfig({ files, file, env: {} }), providers)
  })

  expect((await Promise.all(bound)).map((each) => each?.provider.kind)).toEqual(['haproxy', 'haproxy'])
})
