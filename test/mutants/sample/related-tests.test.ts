import { expect, test } from 'vitest'
import { relatedTests } from './related-tests.ts'

const GRAPH = new Map([
  ['src/a/one.ts', []],
  ['src/a/two.ts', ['src/a/one.ts']],
  ['test/src/a/one.test.ts', ['src/a/one.ts']],
  ['test/src/b/wide.test.ts', ['src/a/one.ts', 'src/a/two.ts']],
  ['test/src/b/far.test.ts', ['src/a/two.ts']],
  ['test/scenarios/whole.test.ts', ['src/a/two.ts']],
  ['test/chaos/kill.test.ts', ['src/a/one.ts']],
])

test('a mutant meets the test files that execute it, the nearest first, and no chaos', () => {
  expect(relatedTests(GRAPH)('src/a/one.ts', { units: 9, slow: 9 })).toEqual([
    'test/src/a/one.test.ts',
    'test/src/b/wide.test.ts',
    'test/src/b/far.test.ts',
    'test/scenarios/whole.test.ts',
  ])
  expect(relatedTests(GRAPH)('src/a/one.ts', { units: 1, slow: 0 })).toEqual(['test/src/a/one.test.ts'])
})
