import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Json } from '../../../../src/domain/text/json.ts'
import { emitItem } from '../../../../src/history/edit/emit-yaml.ts'
import { readItem } from '../../../../src/history/read/read-piece.ts'
import { setKey } from '../../../../src/history/edit/set-key.ts'
import { setKeyByLine } from '../../../../src/history/edit/set-key-by-line.ts'

const ANCHORS = ['status', 'commit', 'timestamp', 'version', 'id']
const TAIL = ['', ' # why', '   # "status": x']
const value = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('status: x', '- id: 1', '"', "'", '#'))

const entries = fc.record(
  {
    id: fc.integer({ min: 1, max: 99 }),
    version: value,
    timestamp: value,
    commit: value,
    status: fc.constantFrom('active', 'failed', 'with space', ''),
    pinned: fc.boolean(),
    packages: fc.array(fc.record({ status: value, id: value, ref: fc.record({ status: value }) }), { maxLength: 3 }),
  },
  { requiredKeys: ['version', 'timestamp', 'commit'] },
)
const changes = fc.constantFrom(
  { key: 'status', value: 'superseded' } as const,
  { key: 'pinned', value: true } as const,
  { key: 'id', value: 7 } as const,
)

const dataOf = (text: string): Json | undefined => {
  const read = readItem(text)
  return 'data' in read ? read.data : undefined
}

test('a key is set by its line as the full parser sets it, whatever the values hold', () => {
  fc.assert(
    fc.property(
      entries,
      changes,
      fc.constantFrom('\n', '\r\n'),
      fc.constantFrom(...TAIL),
      (entry, change, eol, tail) => {
        const above = tail === '' ? '' : `# above${eol}${eol}`
        const text =
          above +
          emitItem(entry, 2, eol).replace(
            /^( {4}commit:.*?)(\r?)$/mu,
            (_line, head: string, cr: string) => head + tail + cr,
          )
        const after = setKeyByLine(
          text,
          { ...change, eol },
          ANCHORS.filter((name) => name !== change.key),
        )

        expect(dataOf(after ?? '')).toEqual({ ...entry, [change.key]: change.value })
        expect(after).toBe(setKey(text, { ...change, eol }))
      },
    ),
    { seed: 11, numRuns: 1000 },
  )
})

test.each([
  '  - { version: v1, status: active }\n',
  '  - version: v1\n    status: >-\n      active\n',
  '  - status: [a]\n',
])('an entry of another form is left to the full parser: %j', (text) => {
  expect(setKeyByLine(text, { key: 'status', value: 'failed', eol: '\n' }, ANCHORS)).toBeUndefined()
})
