import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseVersion } from '../../src/domain/version.ts'
import { parseHistory } from '../../src/history/read/parse-history.ts'
import { parsePlan } from '../../src/events/schema/parse-plan.ts'
import { aPlan } from '../support/builders/a-plan.ts'
import { cli } from '../support/harness/cli-harness.ts'
import { scriptedEngine } from '../support/engine/scripted-engine.ts'

/** What a program that gets them as an argument would take for an option, a path, a range or several words. */
const FORGED = [
  '-rf',
  '--upload-pack=touch x',
  '--',
  '../../etc/passwd',
  '/etc/passwd',
  '.',
  '..',
  'a/b',
  '^1.0.0',
  '>=1.0.0',
  '*',
  '1.0.0 || 2.0.0',
  '1.0.0 -rf',
  '$(touch x)',
  '`touch x`',
  '1.0.0;touch x',
  '1.0.0\n--force',
  '1.0.0\u0000',
  '\u202e1.0.0',
  '@{upstream}',
  'refs/heads/main',
  'x'.repeat(129),
  '',
]
const history = (version: string) =>
  `deployments:\n  - version: ${JSON.stringify(version)}\n    timestamp: "2026-01-20T12:00:00Z"\n    commit: "abc1234"\n    packages: []\n`

test.each(FORGED)('%j is a version neither in the history, nor in a plan, nor on the command line', async (version) => {
  const engine = scriptedEngine()
  const plan = new TextEncoder().encode(JSON.stringify({ ...aPlan(), to: version }))

  expect(parseVersion(version)).toBeUndefined()
  expect(() => parseHistory('history', history(version))).toThrow(/version/u)
  expect(() => parsePlan('plan.json', plan)).toThrow(/is not a version/u)
  const { exitCode } = await cli(['record', `--version=${version}`], { engine })
  expect(exitCode).not.toBe(0)
  expect(engine.calls.filter(([method]) => method === 'record')).toEqual([])
})

test('what is a version begins with a letter or a digit and holds nothing that a shell, a path or a range is made of', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[\d.v+_-]{0,9}$/u)), (text) => {
      expect(parseVersion(text) !== undefined).toBe(/^[0-9A-Za-z][\w.+-]{0,127}$/u.test(text) && !text.endsWith('\n'))
    }),
    { seed: 7, numRuns: 2000 },
  )
})
