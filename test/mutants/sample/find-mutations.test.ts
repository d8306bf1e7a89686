import { expect, test } from 'vitest'
import { findMutations, mutate } from './find-mutations.ts'

/** What each mutation makes of the text, with its kind. */
function mutantsOf(text: string): readonly string[] {
  return findMutations('file.tsx', text).map((mutation) => `${mutation.kind}: ${mutate(text, mutation)}`)
}

test.each([
  ['if (a) b = c', ['condition negated: if (!(a)) b = c', 'statement dropped: if (a) ;']],
  ['if (a) throw b', ['guard dropped: ;', 'condition negated: if (!(a)) throw b']],
  ['const x = a < b', ['comparison swapped: const x = a <= b']],
  ['const x = a && b', ['operator swapped: const x = a || b']],
  ['await a()', ['await dropped: a()', 'statement dropped: ;']],
  ['const x = { a, b }', ['property dropped: const x = {  b }', 'property dropped: const x = { a,  }']],
  [
    'const x = a.filter(b).toSorted()',
    ['filter or sort dropped: const x = a.filter(b)', 'filter or sort dropped: const x = a.toSorted()'],
  ],
  ['const x = 60', ['number changed: const x = 61']],
  ['const x = <Row bold at={y} />', ['property dropped: const x = <Row bold  />']],
])('%s can be changed in every way of the list', (text, mutants) => {
  expect([...mutantsOf(text)].sort()).toEqual([...mutants].sort())
})

test('types, keys and directives are left as they are', () => {
  expect(mutantsOf("'use strict'\ntype A = 1 | 2\nfunction f(a: 3): a is 4 {}")).toEqual([])
})
