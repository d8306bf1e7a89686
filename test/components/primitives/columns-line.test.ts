import { expect, test } from 'vitest'
import { diffLine } from '../../../components/primitives/columns-line.ts'

const HASH = '45e0cacd3976b93fe5d1c1c7a6f1b8d0e2f3a4b5c6d7e8f90123456789abcdef'
const OTHER = `7ed50f1e5949${HASH.slice(12)}`
const text = (left: string, right: string, width: number): string =>
  diffLine({ left, right, mark: '~' }, width)
    .map((part) => part.text)
    .join('')

test('a line that fits is shown as it is, hashes included', () => {
  expect(text(`sha256 "${HASH}"`, `sha256 "${OTHER}"`, 200)).toContain(OTHER)
})

test('a hash that does not fit is cut to what people compare', () => {
  expect(text(`sha256 "${HASH}"`, `sha256 "${OTHER}"`, 80)).toMatch(
    /^ sha256 "45e0cacd3976…" +│~sha256 "7ed50f1e5949…" +$/u,
  )
})

test('a hash that differs behind its first digits only is shown where it differs', () => {
  const late = `${HASH.slice(0, 60)}0000`

  expect(text(HASH, late, 60)).toMatch(/…\w+cdef +│~…\w+0000/u)
})

test('a long line begins shortly before the place where it differs', () => {
  const url = (version: string): string =>
    `url "https://downloads.example.com/hello/v${version}/hello-darwin-arm64.tar.gz"`

  expect(text(url('1.17.0'), url('1.16.0'), 80)).toMatch(/….*v1\.17\.0.*│~….*v1\.16\.0/u)
})
