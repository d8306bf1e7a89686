import { describe, expect, test } from 'vitest'
import { proxyOf } from '../../../../../src/platform/node/http/proxy-of.ts'

const through = (url: string, env: Readonly<Record<string, string>>): string | undefined =>
  proxyOf(new URL(url), env)?.href

describe('a proxy of the environment', () => {
  test.each([
    ['a scheme', { http_proxy: 'http://proxy:3128' }, 'http://proxy:3128/'],
    ['no scheme', { http_proxy: 'proxy:3128' }, 'http://proxy:3128/'],
    ['upper case', { HTTP_PROXY: 'proxy:3128' }, 'http://proxy:3128/'],
    ['an address of version 6', { http_proxy: '[::1]:3128' }, 'http://[::1]:3128/'],
    ['a login', { http_proxy: 'user:p%40ss@proxy:3128' }, 'http://user:p%40ss@proxy:3128/'],
    ['blanks around it', { http_proxy: ' proxy:3128 ' }, 'http://proxy:3128/'],
    ['one for everything', { all_proxy: 'proxy:3128' }, 'http://proxy:3128/'],
    ['lower case first', { http_proxy: 'one:1', HTTP_PROXY: 'two:2' }, 'http://one:1/'],
    ['a TLS proxy', { http_proxy: 'https://proxy:3129' }, 'https://proxy:3129/'],
    ['nothing', { http_proxy: '' }, undefined],
    ['one for https only', { https_proxy: 'proxy:3128' }, undefined],
  ])('is taken with %s', (_title, env, proxy) => {
    expect(through('http://app.example.com/', env)).toBe(proxy)
  })

  test.each([
    'http://localhost/',
    'http://api.localhost:8080/',
    'http://127.0.0.1:1/',
    'http://127.8.9.10/',
    'http://[::1]:80/',
  ])('is never asked for %s', (url) => {
    expect(through(url, { all_proxy: 'proxy:3128' })).toBeUndefined()
  })

  test.each(['socks5://proxy:1080', 'ftp://proxy', 'http://'])('that is %s is refused with what to write', (proxy) => {
    expect(() => through('http://app.example.com/', { all_proxy: proxy })).toThrow(/only http and https proxies/u)
  })

  test('that is no HTTP proxy does not matter where none is needed', () => {
    expect(through('http://app.example.com/', { all_proxy: 'socks5://p:1', no_proxy: 'example.com' })).toBeUndefined()
  })
})

describe('no_proxy', () => {
  test.each([
    ['*', 'http://a.example.com/', true],
    ['example.com', 'http://example.com/', true],
    ['example.com', 'http://a.example.com/', true],
    ['.example.com', 'http://a.example.com/', true],
    ['*.example.com', 'http://a.example.com/', true],
    ['example.com', 'http://badexample.com/', false],
    ['EXAMPLE.com.', 'http://a.example.com./', true],
    ['other.org, example.com', 'http://example.com/', true],
    ['other.org example.com', 'http://example.com/', true],
    ['example.com:8080', 'http://example.com:8080/', true],
    ['example.com:8080', 'http://example.com/', false],
    ['example.com:443', 'https://example.com/', true],
    ['10.0.0.0/8', 'http://10.20.30.40/', true],
    ['10.0.0.0/8', 'http://11.0.0.1/', false],
    ['10.0.0.0/33', 'http://10.0.0.1/', false],
    ['10.0.0.1', 'http://10.0.0.1:90/', true],
    ['0.0.1', 'http://10.0.0.1/', false],
    ['fd00::/8', 'http://[fd12::1]/', true],
    ['[fd12::1]:80', 'http://[fd12::1]/', true],
    ['', 'http://example.com/', false],
  ])('%j and %s: direct is %s', (list, url, isDirect) => {
    expect(through(url, { all_proxy: 'proxy:3128', NO_PROXY: list }) === undefined).toBe(isDirect)
  })
})
