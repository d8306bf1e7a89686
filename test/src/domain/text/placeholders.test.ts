import { describe, expect, test } from 'vitest'
import { fillPlaceholders } from '../../../../src/domain/text/placeholders.ts'

describe('a placeholder', () => {
  test.each([
    ['a value that is a reference itself', '/x?a=${app}', { app: '${env:TOKEN}' }],
    ['a value that names a file', 'Bearer ${app}', { app: '${file:/etc/passwd}' }],
    ['an empty value between two halves', '$${app}{env:TOKEN}', { app: '' }],
    ['a value that ends one', '${env:${app}', { app: 'TOKEN}' }],
    ['two values that meet', '${app}${version}', { app: '${env:', version: 'TOKEN}' }],
  ])('never makes a reference to a secret: %s', (_title, text, values) => {
    const filled = fillPlaceholders(text, values)

    expect(filled.text).toBe(text)
    expect(filled.missing).toContain('app')
  })

  test('leaves the references of the text as they are', () => {
    expect(fillPlaceholders('/${version}?key=${env:TOKEN}', { version: '1.2.0' })).toEqual({
      text: '/1.2.0?key=${env:TOKEN}',
      missing: [],
    })
  })
})
