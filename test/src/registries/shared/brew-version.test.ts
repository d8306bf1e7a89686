import { describe, expect, test } from 'vitest'
import { brewVersion } from '../../../../src/registries/shared/brew-version.ts'
import { raiseVersionScheme } from '../../../../src/registries/shared/brew-version-scheme.ts'
import { formulaText } from '../../../support/formula.ts'

describe('the version of a formula', () => {
  test.each([
    ['its own line', 'class A < Formula\n  version "1.2.0"\n  url "https://e.com/a-9.9.9.tar.gz"\n', '1.2.0'],
    ['single quotes', "  version '1.2.0-rc.1'\n", '1.2.0-rc.1'],
    ['a tag', '  url "https://e.com/a.git",\n      tag: "v1.2.0",\n      revision: "abc"\n', '1.2.0'],
    ['a release on GitHub', '  url "https://github.com/a/b/releases/download/v1.2.0/b_darwin_arm64.tar.gz"\n', '1.2.0'],
    ['an archive of a tag', '  url "https://github.com/a/b/archive/refs/tags/v1.2.0.tar.gz"\n', '1.2.0'],
    ['a tag with a name', '  url "https://github.com/a/b/releases/download/cli-v1.2.0/b.zip"\n', '1.2.0'],
    ['a file name', '  url "https://e.com/dl/myapp-1.2.0-darwin-arm64.tar.gz"\n', '1.2.0'],
    ['a prerelease in a file name', '  url "https://e.com/dl/myapp_1.2.0-rc.1_linux.tar.gz"\n', '1.2.0-rc.1'],
    ["a cask's two parts", 'cask "a" do\n  version "1.2.0,45"\n', '1.2.0'],
  ])('comes from %s', (_where, text, version) => {
    expect(brewVersion(text)).toBe(version)
  })

  test.each([
    ['nothing at all', ''],
    ['a comment', '# version "1.2.0"\n'],
    ['latest', '  version :latest\n'],
    ['an interpolation', '  version "#{VERSION}"\n'],
    ['an escape sequence of Ruby', String.raw`  version "1.2.0\e[31m"`],
    ['an escape sequence', '  version "1.2.0\u001b[31mevil"\n'],
    ['a right-to-left mark', '  version "1.2.0\u202e"\n'],
    ['an option', '  version "--force"\n'],
    ['an address without one', '  url "https://e.com/myapp.tar.gz"\n'],
  ])('is unknown from %s', (_what, text) => {
    expect(brewVersion(text)).toBeUndefined()
  })
})

describe('raising version_scheme', () => {
  test('adds the line after the version, one above what is served', () => {
    const raised = raiseVersionScheme(formulaText('1.2.0'), formulaText('1.3.0', '  version_scheme 2'))

    expect(raised).toContain('  version "1.2.0"\n  version_scheme 3\n')
    expect(raised?.replace('  version_scheme 3\n', '')).toBe(formulaText('1.2.0'))
  })

  test('raises the line that is there', () => {
    const raised = raiseVersionScheme(formulaText('1.2.0', '  version_scheme 1\n'), formulaText('1.3.0'))

    expect(raised).toBe(formulaText('1.2.0', '  version_scheme 2\n'))
  })

  test('puts it first in a formula without a version line', () => {
    const raised = raiseVersionScheme('class A < Formula\n  url "u"\nend\n', 'class A < Formula\nend\n')

    expect(raised).toBe('class A < Formula\n  version_scheme 1\n  url "u"\nend\n')
  })

  test('leaves the served text when it is the old one under a raised scheme already', () => {
    const served = raiseVersionScheme(formulaText('1.2.0'), formulaText('1.3.0')) ?? ''

    expect(raiseVersionScheme(formulaText('1.2.0'), served)).toBe(served)
    expect(raiseVersionScheme(formulaText('1.2.0'), formulaText('1.2.0'))).toBe(formulaText('1.2.0'))
  })

  test('refuses a scheme with more digits than a number keeps', () => {
    const served = formulaText('1.3.0', `  version_scheme ${'9'.repeat(400)}\n`)

    expect(() => raiseVersionScheme(formulaText('1.2.0'), served)).toThrow('version_scheme has 400 digits')
  })

  test('knows nothing of casks', () => {
    expect(raiseVersionScheme('cask "a" do\n  version "1.2.0"\nend\n', '')).toBeUndefined()
  })
})
