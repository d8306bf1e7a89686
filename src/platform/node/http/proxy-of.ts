import { BlockList, isIP } from 'node:net'
import { BagboyError } from '../../../errors/bagboy-error.ts'
import type { ProxyOptions } from '../../platform.ts'

type Environment = Readonly<Record<string, string | undefined>>

/**
 * The proxy a request goes through, as curl and Go choose it: `http_proxy`, `https_proxy` and `all_proxy` in either case,
 * with or without a scheme; `no_proxy` with domains, ports, addresses and CIDR blocks. Loopback is always direct.
 * A proxy that is asked for by name is taken for loopback too. `undefined` = direct. Pure.
 * @throws REGISTRY_UNREACHABLE for a proxy that is no HTTP proxy, with the code `PROXY_UNSUPPORTED`
 */
export function proxyOf(url: URL, env: Environment, chosen: ProxyOptions = {}): URL | undefined {
  const except = chosen.except ?? read(env, 'no_proxy')
  if (chosen.url !== undefined) return isExcepted(url, except) ? undefined : parseProxy(chosen.url, 'the proxy setting')
  const scheme = url.protocol.slice(0, -1)
  const variable = [`${scheme}_proxy`, 'all_proxy'].find((name) => read(env, name) !== '')
  if (variable === undefined || isLoopback(url) || isExcepted(url, except)) return undefined
  return parseProxy(read(env, variable), variable)
}

function read(env: Environment, name: string): string {
  return (env[name] ?? env[name.toUpperCase()] ?? '').trim()
}

function parseProxy(text: string, variable: string): URL {
  const address = /^[a-z][\w+.-]*:\/\//iu.test(text) ? text : `http://${text}`
  const proxy = URL.canParse(address) ? new URL(address) : undefined
  if (proxy !== undefined && proxy.hostname !== '' && /^https?:$/u.test(proxy.protocol)) return proxy
  const what = proxy === undefined ? 'is no address' : `names a ${proxy.protocol.slice(0, -1)} proxy`
  throw new BagboyError('REGISTRY_UNREACHABLE', `${variable} ${what}; only http and https proxies are supported`, {
    hint: `Write ${variable}=http://HOST:PORT, or add the host to no_proxy.`,
    details: { code: 'PROXY_UNSUPPORTED' },
  })
}

function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/gu, '').replace(/\.$/u, '')
}

function isLoopback(url: URL): boolean {
  const host = hostOf(url)
  return (
    host === 'localhost' ||
    host.endsWith('.localhost') ||
    host === '::1' ||
    (isIP(host) === 4 && host.startsWith('127.'))
  )
}

function isExcepted(url: URL, list: string): boolean {
  return list.split(/[\s,]+/u).some((entry) => entry !== '' && matches(url, entry.toLowerCase()))
}

function matches(url: URL, entry: string): boolean {
  if (entry === '*') return true
  const host = hostOf(url)
  if (entry.includes('/')) return isInBlock(host, entry)
  const [, bracketed, plain = '', port] = /^(?:\[([^\]]*)\]|([^:]*))(?::(\d+))?$/u.exec(entry) ?? [
    entry,
    undefined,
    entry,
  ]
  if (port !== undefined && port !== portOf(url)) return false
  const name = (bracketed ?? plain).replace(/^\*?\./u, '').replace(/\.$/u, '')
  return host === name || (isIP(host) === 0 && name !== '' && host.endsWith(`.${name}`))
}

function portOf(url: URL): string {
  return url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port
}

function isInBlock(host: string, block: string): boolean {
  const [address = '', bits = ''] = block.split('/')
  const family = isIP(host)
  const prefix = Number(bits)
  const isBlock = /^\d+$/u.test(bits) && isIP(address) !== 0 && prefix <= (isIP(address) === 4 ? 32 : 128)
  if (family === 0 || !isBlock || isIP(address) !== family) return false
  const list = new BlockList()
  const kind = family === 4 ? 'ipv4' : 'ipv6'
  list.addSubnet(address, prefix, kind)
  return list.check(host, kind)
}
