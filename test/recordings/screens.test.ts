import { readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { widthOf } from '../../components/format/text.ts'
import { SCENES } from './scenes.ts'

const folder = 'docs/screens'
const files = readdirSync(folder)
const read = (file: string): string => readFileSync(join(folder, file), 'utf8')

describe.each(Object.keys(SCENES))('the recorded screen %s', (scene) => {
  test.each([
    [80, 24],
    [160, 48],
  ])('fills %i x %i and no more, as text and as picture', (columns, rows) => {
    const lines = read(`${scene}-${columns}x${rows}.txt`).trimEnd().split('\n')

    expect(lines.length).toBe(rows)
    expect(Math.max(...lines.map(widthOf))).toBeLessThanOrEqual(columns)
    expect(read(`${scene}-${columns}x${rows}.svg`)).toContain('<text ')
  })

  test('is shown by the overview', () => {
    expect(read('README.md')).toContain(`(${scene}-80x24.svg)`)
  })
})

test('nothing in the folder is left from screens that are gone', () => {
  const expected = Object.keys(SCENES).flatMap((scene) =>
    ['80x24', '160x48'].flatMap((size) => [`${scene}-${size}.svg`, `${scene}-${size}.txt`]),
  )

  expect(files.toSorted()).toEqual([...expected, 'README.md'].toSorted())
})

test('the recordings hold no JSON but the answers of the checks', () => {
  const text = files.filter((file) => !/^(?:health|countdown)-/u.test(file)).map(read)

  expect(text.join('\n')).not.toMatch(/\{"/u)
})

test('the recordings hold nothing of the machine they were made on', () => {
  const text = files.map(read).join('\n')

  expect(text.match(/127\.0\.0\.1:(?!45000|44873|48080)\d+/gu)).toBeNull()
  expect(text.match(/\/(?:home|root|Users|work)\/\S*/gu)).toBeNull()
  expect(text.match(/bagboy-demo-(?!sandbx)\w+/gu)).toBeNull()
  expect(tmpdir() === '/tmp' || !text.includes(tmpdir())).toBe(true)
})
