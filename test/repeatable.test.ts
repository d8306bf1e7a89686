import { expect, test } from 'vitest'
import { sourceFiles } from './support/harness/source-files.ts'

const EFFORT = 'test/support/effort.ts'
const tests = sourceFiles('test').filter(({ path }) => !/^test\/(?:servers|bench|repeatable)/u.test(path))

test('every suite that draws its cases names its seed', () => {
  const unseeded = tests.filter(
    ({ text }) => count(text, /fc\.(?:assert|check|sample)\(/gu) > count(text, /\bseed\b/gu),
  )

  expect(unseeded.map(({ path }) => path)).toEqual([])
})

test('no test depends on the day or on chance', () => {
  const drawn = tests.filter(
    ({ path, text }) => path !== EFFORT && /Math\.random\(|getUTCDa|Date\.now\(\) %/u.test(text),
  )

  expect(drawn.map(({ path }) => path)).toEqual([])
})

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0
}
