import { describe, expect, test } from 'vitest'
import { gitBranch, gitPath } from '../../../src/git/git-names.ts'
import { parseGitRemote, problemOfRemote, remoteOfRegistry } from '../../../src/git/git-remote.ts'

describe('the address of a git repository', () => {
  test.each([
    ['https://github.com/acme/homebrew-tap.git', 'http'],
    ['http://127.0.0.1:8080/acme/tap.git', 'http'],
    ['ssh://git@git.example.com:2222/acme/tap.git', 'ssh'],
    ['git@github.com:acme/tap.git', 'ssh'],
    ['git://git.example.com/tap.git', 'git'],
    ['/srv/git/tap.git', 'folder'],
    ['file:///srv/git/tap.git', 'folder'],
  ])('%s is taken', (text, kind) => {
    expect(parseGitRemote(text)).toMatchObject({ url: text, kind })
  })

  test.each([
    ['', 'empty'],
    ['--upload-pack=touch /tmp/x', 'option'],
    ['-u', 'option'],
    ['ext::sh -c id', 'program'],
    ['fd::3', 'program'],
    ['../tap.git', 'absolute'],
    ['tap', 'absolute'],
    ['~/tap.git', 'absolute'],
    ['ssh://-oProxyCommand=id/x', 'host'],
    ['-oProxyCommand=id:x', 'option'],
    ['ftp://example.com/tap.git', 'absolute'],
    ['https://', 'URL'],
    ['/srv/tap.git\n--force', 'control'],
    ['https://user:secret@example.com/tap.git', 'password'],
  ])('%s is refused', (text, why) => {
    expect(problemOfRemote(text)).toMatch(why)
    expect(() => parseGitRemote(text)).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }))
  })

  test('is shown without a user name, which may be a token', () => {
    const { url, shown } = parseGitRemote('https://ghp_token@github.com/acme/tap.git')

    expect([url.includes('ghp_token'), shown]).toEqual([true, 'https://github.com/acme/tap.git'])
  })

  test('is on GitHub for a registry of the form owner/name, and the registry itself otherwise', () => {
    const urls = ['acme/homebrew-tap', '/srv/tap.git'].map((registry) => remoteOfRegistry(registry).url)

    expect(urls).toEqual(['https://github.com/acme/homebrew-tap.git', '/srv/tap.git'])
    expect(() => remoteOfRegistry('taps')).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }))
  })
})

describe('names inside a repository', () => {
  test.each(['main', 'release/1.x', 'feature_1', 'v1+build'])('the branch %s is taken', (name) => {
    expect(gitBranch.safeParse(name).success).toBe(true)
  })

  test.each(['-f', '--all', 'a..b', 'a b', 'a:b', 'a^', '@{-1}', 'x.lock', '/a', 'a/', 'a\nb', '.hidden', 'a/.b', ''])(
    'the branch %j is refused',
    (name) => {
      expect(gitBranch.safeParse(name).success).toBe(false)
    },
  )

  test.each(['Formula/myapp.rb', 'myapp.rb', 'a b/ü.rb'])('the path %s is taken', (path) => {
    expect(gitPath.safeParse(path).success).toBe(true)
  })

  test.each([
    '-x',
    '/etc/passwd',
    '../x',
    'a/../x',
    'a//x',
    '.git/config',
    'a/.GIT/x',
    'a/',
    './a',
    'a\nM 100644 inline b',
    '"a"',
    'a\\b',
  ])('the path %j is refused', (path) => {
    expect(gitPath.safeParse(path).success).toBe(false)
  })
})
