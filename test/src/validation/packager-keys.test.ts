import { expect, test } from 'vitest'
import { checkDependencies } from '../../../src/validation/dependency-findings.ts'
import { packagerKeys, type PackagerKeys } from '../../../src/validation/packager-keys.ts'

test('binaries and dependencies are read in every form the packager takes', () => {
  const keys = packagerKeys(
    [
      'binaries: { linux-amd64: a, darwin-arm64: b }',
      'dependencies:',
      '  runtime: { node: ">=18", python: 3 }',
      '  system:',
      '    linux: [libssl3, { name: libpq, version: ">=14" }, { name: zlib }]',
    ].join('\n'),
  )

  expect(keys?.binaries).toEqual(['linux-amd64', 'darwin-arm64'])
  expect([...(keys?.dependencies ?? [])]).toEqual([
    ['node (runtime)', '>=18'],
    ['python (runtime)', ''],
    ['libssl3 (system linux)', ''],
    ['libpq (system linux)', '>=14'],
    ['zlib (system linux)', ''],
  ])
  expect(packagerKeys('binaries: {')).toBeUndefined()
})

const keys = (dependencies: Readonly<Record<string, string>>): PackagerKeys => ({
  binaries: [],
  dependencies: new Map(Object.entries(dependencies)),
})

test.each([
  ['the same', { node: '>=18' }, { node: '>=18' }, ['ok']],
  ['a range that overlaps', { node: '>=20' }, { node: '^20.1.0' }, ['ok']],
  ['a range that shares no version', { node: '>=20' }, { node: '^18.0.0' }, ['block']],
  ['any version', { node: '' }, { node: '^18.0.0' }, ['ok']],
  ['what is no range', { node: 'stable' }, { node: '^18.0.0' }, ['ok']],
  ['something that is not declared any more', { node: '>=20' }, { node: '>=20', zlib: '' }, ['warn']],
  [
    'both, the block first where it is listed first',
    { node: '>=20' },
    { node: '^18.0.0', zlib: '' },
    ['block', 'warn'],
  ],
])('a target that needs %s', (_what, live, target, severities) => {
  const pair = { from: 'v1.3.0', to: 'v1.2.0', live: keys(live), target: keys(target) }

  expect(checkDependencies('block', pair).map(({ severity }) => severity)).toEqual(severities)
  expect(checkDependencies('off', pair)).toEqual([])
})

test('a version that differs by its number alone stops the rollback, and names both', () => {
  const read = (version: string): PackagerKeys | undefined =>
    packagerKeys(`dependencies: { system: { linux: [{ name: libpq, version: "${version}" }] } }`)
  const pair = { from: 'v1.3.0', to: 'v1.2.0', live: read('>=16'), target: read('^14.0.0') }

  expect(checkDependencies('block', pair)).toMatchObject([
    {
      code: 'V26',
      severity: 'block',
      title: 'v1.2.0 needs another libpq (system linux) than v1.3.0',
      detail: expect.stringContaining('^14.0.0'),
    },
  ])
})

test('what is not known is not taken for what is needed', () => {
  expect(checkDependencies('block', { from: 'a', to: 'b', live: undefined, target: undefined })).toMatchObject([
    { severity: 'warn', title: 'what b needs is not known here' },
  ])
  expect(checkDependencies('block', { from: 'a', to: 'b', live: undefined, target: keys({ x: '1' }) })).toMatchObject([
    { severity: 'ok', detail: '1 declared' },
  ])
})
