import { describe, expect, test } from 'vitest'
import { brewVersion, brewVersions } from '../../../../src/registries/brew/brew-version.ts'
import { raiseVersionScheme } from '../../../../src/registries/brew/raise-version-scheme.ts'
import { formulaText } from '../../../support/releases/formula.ts'

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

describe('the version of a formula is its own', () => {
  const inFormula = (lines: string): string => `class Myapp < Formula\n${lines}\nend\n`

  test.each([
    ['a resource', 'resource "data" do\n  url "https://e.org/d.tgz"\n  version "7.1"\nend'],
    ['a resource with a tag', 'resource("g") do\n  url "https://e.org/g.git",\n      tag: "v0.9.4"\nend'],
    ['a livecheck', 'livecheck do\n  url "https://e.org/x-9.9.9.tar.gz"\n  regex(/href=.*?v?(\\d+)["\']/i)\nend'],
    ['a bottle', 'bottle do\n  root_url "https://e.org/v9.9.9"\n  sha256 arm64_sonoma: "0"\nend'],
    ['the head', 'head do\n  url "https://e.org/a.git", branch: "main"\n  version "9.9.9"\nend'],
    ['a patch', 'patch do\n  url "https://e.org/p-9.9.9.diff"\nend'],
    ['a method', 'def caveats\n  version "9.9.9"\nend'],
    ['a method in one line', 'def latest = "9.9.9"'],
    ['a document', 'def caveats\n  <<~EOS\n    version "9.9.9"\n  end\n  EOS\nend'],
    ['a comment', '# version "9.9.9"'],
    ['a commented block', '\n=begin\nversion "9.9.9"\n=end\n'],
    ['a condition of a method', 'def install\n  if true\n    x\n  end\n  version "9.9.9" unless x\nend'],
    ['a text with a sign in it', 'desc "a # b \' version"'],
    ['an architecture', 'depends_on "zlib" => "9.9"'],
  ])('and not that of %s', (_what, lines) => {
    const said = 'version "1.2.0"'
    const found = 'url "https://e.org/dl/myapp-1.2.0.tar.gz"'

    for (const own of [said, found]) {
      expect(brewVersion(inFormula(`${lines}\n${own}`))).toBe('1.2.0')
      expect(brewVersion(inFormula(`${own}\n${lines}`))).toBe('1.2.0')
    }
  })

  test.each([
    ['a constant', 'VERSION = "1.2.0"\nversion VERSION'],
    ['a frozen constant', 'VERSION = "1.2.0".freeze\nversion VERSION'],
    ['a filled text', 'MAJOR = "1.2"\nversion "#{MAJOR}.0"'],
    ['parts that are joined', 'M = "1.2"\nversion M + ".0"'],
    ['a constant in the address', 'VERSION = "1.2.0"\nurl "https://e.org/v#{VERSION}/a.tgz"'],
    ['a constant in the tag', 'V = "1.2.0"\nurl "https://e.org/a.git",\n  tag: "v#{V}"'],
    ['a tag as it was written once', 'url "https://e.org/a.git", :tag => "v1.2.0", :revision => "abc"'],
    ['a call', 'version("1.2.0")'],
    [
      'a block for a platform',
      'on_macos do\n  on_arm do\n    url "https://e.org/a_1.2.0_darwin_arm64.tar.gz"\n  end\nend',
    ],
    [
      'a condition',
      'if Hardware::CPU.arm?\n  url "https://e.org/a-1.2.0.tgz"\nelse\n  url "https://e.org/b-1.2.0.tgz"\nend',
    ],
    ['the stable block', 'stable do\n  url "https://e.org/a-1.2.0.tgz"\nend'],
    ['an address with an unknown part', 'os = OS.mac? ? "mac" : "linux"\nurl "https://e.org/a-1.2.0-#{os}.tgz"'],
    ['an address over two lines', 'url "https://e.org/dl/" \\\n    "a-1.2.0.tgz"'],
  ])('from %s', (_what, lines) => {
    expect(brewVersion(inFormula(lines))).toBe('1.2.0')
  })

  test.each([
    ['a method', 'version Myapp.latest'],
    ['a constant from elsewhere', 'version Other::VERSION'],
    ['a constant that leads to itself', 'A = B\nB = A\nversion A'],
    ['latest', 'version :latest\nurl "https://e.org/a-1.2.0.tgz"'],
  ])('and unknown from %s, whatever its address', (_what, lines) => {
    expect(brewVersion(inFormula(lines))).toBeUndefined()
  })

  test('and not that of a class beside it', () => {
    const strategy = 'class Private < CurlDownloadStrategy\n  version "9.9.9"\nend\n'

    expect(brewVersion(strategy + inFormula('version "1.2.0"'))).toBe('1.2.0')
  })
})

describe('the version of a file that differs by platform', () => {
  const said = (version: string): string => `version "${version}"`
  const found = (version: string): string => `url "https://e.org/dl/myapp-${version}.tar.gz"`
  const block = (head: string, line: string): string => `${head} do\n  ${line}\nend\n`

  describe.each([
    ['versions', said],
    ['addresses', found],
  ])('by %s', (_what, line) => {
    test.each([
      [
        'a newer one for new systems',
        block('on_mojave :or_older', line('1.0.0')) + block('on_catalina :or_newer', line('1.2.0')),
      ],
      [
        'new systems first',
        block('on_catalina :or_newer', line('1.2.0')) + block('on_mojave :or_older', line('1.0.0')),
      ],
      [
        'a frozen one that is higher',
        block('on_mojave :or_older', line('2.0.0')) + block('on_catalina :or_newer', line('1.2.0')),
      ],
      [
        'architectures within',
        block('on_mojave :or_older', line('1.0.0')) +
          `on_catalina :or_newer do\n${block('on_arm', line('1.2.0'))}end\n`,
      ],
      [
        'architectures around',
        `on_arm do\n${block('on_mojave :or_older', line('1.0.0'))}${block('on_catalina :or_newer', line('1.2.0'))}end\n`,
      ],
      [
        'systems by name',
        block('on_system :linux, macos: :mojave_or_older', line('1.0.0')) +
          block('on_system macos: :catalina_or_newer', line('1.2.0')),
      ],
      ['one that holds everywhere else', block('on_mojave :or_older', line('1.0.0')) + `${line('1.2.0')}\n`],
    ])('is that of the newest systems: %s', (_shape, lines) => {
      const text = `cask "myapp" do\n${lines}end\n`

      expect(brewVersion(text)).toBe('1.2.0')
      expect(brewVersions(text)).toContain('1.2.0')
      expect(brewVersions(text)).toHaveLength(2)
    })
  })

  test.each([
    [
      'systems',
      block('on_mojave', said('1.0.0')) + block('on_catalina', said('1.10.0')) + block('on_big_sur', said('1.9.0')),
    ],
    ['architectures', block('on_intel', said('1.9.0')) + block('on_arm', said('1.10.0'))],
    ['a condition', `if MacOS.version <= :mojave\n  ${said('1.9.0')}\nelse\n  ${said('1.10.0')}\nend\n`],
    ['modifiers', `${said('1.9.0')} if MacOS.version <= :mojave\n${said('1.10.0')} if MacOS.version >= :catalina\n`],
  ])('is the highest where nothing says which is the newest: %s', (_shape, lines) => {
    expect(brewVersion(`cask "myapp" do\n${lines}end\n`)).toBe('1.10.0')
  })

  test('is unknown where that of the newest systems cannot be told', () => {
    const text = block('on_mojave :or_older', said('1.0.0')) + block('on_catalina :or_newer', 'version :latest')

    expect(brewVersion(`cask "myapp" do\n${text}end\n`)).toBeUndefined()
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
