import { expect, test } from 'vitest'
import { nearestWord } from '../../../../src/domain/text/nearest-word.ts'

test.each([
  ['strateg', 'strategy'],
  ['Strategy', 'strategy'],
  ['retires', 'retries'],
  ['activ', 'active'],
  ['timout', 'timeout'],
  ['actvie', 'active'],
])('%s was probably meant as %s', (word, meant) => {
  expect(nearestWord(word, ['retries', 'strategy', 'active', 'timeout', 'inactive'])).toBe(meant)
})

test.each(['', 'x', 'completely', 'zzzzzzzz', 'a'.repeat(65)])('%j was meant as none of them', (word) => {
  expect(nearestWord(word, ['retries', 'strategy', 'active'])).toBeUndefined()
})
