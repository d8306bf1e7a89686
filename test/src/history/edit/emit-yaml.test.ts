import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { JsonObject } from '../../../../src/domain/text/json.ts'
import { parseCanonical } from '../../../../src/history/edit/canonical-yaml.ts'
import { emitItem } from '../../../../src/history/edit/emit-yaml.ts'
import { readHand } from '../../../../src/history/read/read-piece.ts'
import { SEED } from '../../../support/effort.ts'

const REFUSED = new Set(['__proto__', 'constructor', 'prototype'])
const key = fc
  .oneof(
    fc.string(),
    fc.string({ unit: 'binary' }),
    fc.constantFrom('id', 'yes', 'no', 'null', '1.0', 'a b', 'a: b', '#', '-'),
  )
  .filter((text) => !REFUSED.has(text))
const text = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom('', ' ', '\u2028', '\u0085', '\ud83d', '1.10', '- a', 'a: b # c', "'", '"', '\\', '\r\n'),
)
const { tree } = fc.letrec<{ tree: JsonObject[string] }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4 },
    fc.constant(null),
    fc.boolean(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (Object.is(value, -0) ? 0 : value)),
    fc.maxSafeInteger(),
    text,
    fc.array(tie('tree'), { maxLength: 3 }),
    fc.dictionary(key, tie('tree'), { maxKeys: 3, noNullPrototype: true }),
  ),
}))
const entry = fc
  .dictionary(key, tree, { minKeys: 1, maxKeys: 4, noNullPrototype: true })
  .map((rest): JsonObject => ({ id: 1, ...rest }))

test.each([
  ['\n', 2],
  ['\r\n', 0],
])('what is written with %j in column %i is read back by both parsers as it was', (eol, column) => {
  fc.assert(
    fc.property(entry, (data) => {
      const written = emitItem(data, column, eol)

      const full = readHand(written)

      expect(full).toMatchObject({ data: [data] })
      const fast = parseCanonical(written)
      if (fast !== undefined) expect(fast).toEqual([data])
      // oxlint-disable-next-line no-control-regex -- control characters are what must not be there
      expect(written.split(eol).slice(0, -1).join('')).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\ufeff]/u)
    }),
    { seed: SEED, numRuns: 500 },
  )
})
