import fc from 'fast-check'
import { expect, test } from 'vitest'
import { duplicateKey } from '../../../../src/domain/text/duplicate-key.ts'

test.each([
  ['{"a":1,"a":2}', 'a'],
  ['{"a":1, "\\u0061" : 2}', 'a'],
  ['{"steps":[{"id":1},{"id":1,"x":{"y":[],"y":{}}}]}', 'steps.1.x.y'],
  ['[{"a":"b"},{"a":"{\\"a\\":1,\\"a\\":2}"},[[{"":1,"":2}]]]', '2.0.0.'],
  ['{"__proto__":1,"__proto__":2}', '__proto__'],
])('a key that stands twice is found in %s', (text, path) => {
  expect(duplicateKey(text)).toBe(path)
})

test('no key is found twice in what a serializer wrote, and each is found once it is repeated', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.string(), (value, key) => {
      const text = JSON.stringify({ x: [value], [key]: value }, null, 1)
      const again = `{"outer":${text.slice(0, -1)},${JSON.stringify(key)}:1}}`

      expect(duplicateKey(text)).toBeUndefined()
      expect(duplicateKey(again)).toBe(`outer.${key}`)
    }),
    { seed: 4104, numRuns: 2000 },
  )
})
