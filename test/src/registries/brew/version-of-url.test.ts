import { describe, expect, test } from 'vitest'
import { versionOfTag, versionOfUrl } from '../../../../src/registries/brew/version-of-url.ts'

describe('the version of an address', () => {
  test.each([
    ['https://github.com/a/b/archive/refs/tags/v1.2.0.tar.gz', '1.2.0'],
    ['https://github.com/a/b/releases/download/v1.2.0/b_darwin_arm64.tar.gz', '1.2.0'],
    ['https://github.com/a/b/releases/download/cli-v1.2.0/b.zip', '1.2.0'],
    ['https://github.com/a/b/tarball/v1.2.34', '1.2.34'],
    ['https://codeload.github.com/a/b/tar.gz/v0.7.1', '0.7.1'],
    ['https://example.org/dl/tool-4.5.1.tar.xz', '4.5.1'],
    ['https://example.org/dl/tool_4.5.1_src_all.tar.bz2', '4.5.1'],
    ['https://example.org/dl/tool-4.5.1-src.tgz', '4.5.1'],
    ['https://example.org/dl/tool-4.5.1b.tar.gz', '4.5.1b'],
    ['https://example.org/dl/tool-4.5.1-p243.tar.gz', '4.5.1-p243'],
    ['https://example.org/dl/tool-4.5.1-2.tar.gz', '4.5.1-2'],
    ['https://example.org/dl/tool-398-2.tar.gz', '398-2'],
    ['https://example.org/dl/tool_1_39_0.tar.bz2', '1.39.0'],
    ['https://example.org/dl/otp_src_R15B01.tar.gz', 'R15B01'],
    ['https://example.org/dl/tool-v2023-09-28.tar.gz', '2023-09-28'],
    ['https://example.org/dl/tool.v8d.tar.gz', '8d'],
    ['https://example.org/dl/tool45.tar.gz', '45'],
    ['https://example.org/dl/tool-1.3.0-beta.1.tgz', '1.3.0-beta.1'],
    ['https://example.org/dl/v2.074.0-rc1.tar.gz', '2.074.0-rc1'],
    ['https://example.org/war/1.486/tool.war', '1.486'],
    ['https://example.org/get/tool-7.1.10.tar.bz2/from/this/mirror', '7.1.10'],
    ['https://downloads.sourceforge.net/project/t/tool-1.21.tar.gz/download', '1.21'],
    ['https://example.org/series/4.5/tool-4.5.1.tar.gz', '4.5.1'],
    ['https://example.org/dl/tool%2D4.5.1.tar.gz', '4.5.1'],
  ])('%s is that of Homebrew', (url, version) => {
    expect(versionOfUrl(url)).toBe(version)
  })

  test.each([
    ['https://example.org/dl/tool_4.5.1_darwin_arm64.tar.gz', '4.5.1'],
    ['https://example.org/dl/tool-4.5.1-x86_64-unknown-linux-musl.tar.gz', '4.5.1'],
    ['https://example.org/dl/v4.5.1/tool-linux-amd64', '4.5.1'],
  ])('%s is not the number of a machine', (url, version) => {
    expect(versionOfUrl(url)).toBe(version)
  })

  test.each(['https://example.org/dl/tool.tar.gz', 'https://example.org/tool', '', 'x'.repeat(5000)])(
    'is unknown: %.40s',
    (url) => {
      expect(versionOfUrl(url)).toBeUndefined()
    },
  )
})

test.each([
  ['v1.2.0', '1.2.0'],
  ['1.2.0', '1.2.0'],
  ['tool-1.2.0', '1.2.0'],
  ['release/v1.2.0', '1.2.0'],
  ['v1.2.0-rc.1', '1.2.0-rc.1'],
  ['stable', undefined],
])('the version of the tag %s', (tag, version) => {
  expect(versionOfTag(tag)).toBe(version)
})
