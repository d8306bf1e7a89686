import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { MUTANTS } from './mutants.ts'

test('the twelve mutants fit the sources as they are', () => {
  const misfits = MUTANTS.flatMap(({ number, changes }) =>
    changes
      .filter(({ file, from }) => readFileSync(file, 'utf8').split(from).length !== 2)
      .map(({ file }) => `mutant ${number} no longer fits ${file}`),
  )

  expect(MUTANTS.map(({ number }) => number)).toEqual(Array.from({ length: 12 }, (_, index) => index + 1))
  expect(misfits).toEqual([])
})
