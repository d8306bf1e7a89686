import { expect, test } from 'vitest'
import { FINDING_CODES } from '../../../src/domain/finding-codes.ts'
import { sourceFiles } from '../../support/harness/source-files.ts'

test('every code of a finding in the sources can be given to --override, and no other', () => {
  const raised = sourceFiles('src')
    .filter(({ path }) => !path.endsWith('finding-codes.ts'))
    .flatMap(({ text }) => [...text.matchAll(/'(V\d{2})'/gu)].map(([, code = '']) => code))

  expect([...FINDING_CODES].sort()).toEqual([...new Set(raised)].sort())
})
