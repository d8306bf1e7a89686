import { BlockList, isIP } from 'node:net'

/**
 * Where nothing answers that a release could be judged by, but where clouds keep the credentials of a machine: link-local
 * and metadata addresses, and what is no address of one host at all. Private networks and loopback are where applications
 * run, so they are not here.
 */
const FORBIDDEN = new BlockList()
const SUBNETS = [
  ['0.0.0.0', 8, 'ipv4'],
  ['169.254.0.0', 16, 'ipv4'],
  ['192.0.0.0', 24, 'ipv4'],
  ['100.100.100.200', 32, 'ipv4'],
  ['224.0.0.0', 3, 'ipv4'],
  ['::', 128, 'ipv6'],
  ['fe80::', 10, 'ipv6'],
  ['fec0::', 10, 'ipv6'],
  ['ff00::', 8, 'ipv6'],
  ['fd00:ec2::254', 128, 'ipv6'],
] as const
for (const [address, prefix, family] of SUBNETS) FORBIDDEN.addSubnet(address, prefix, family)

/** This machine, and networks that are not the internet. */
const INTERNAL = new BlockList()
const INTERNAL_SUBNETS = [
  ['10.0.0.0', 8, 'ipv4'],
  ['100.64.0.0', 10, 'ipv4'],
  ['127.0.0.0', 8, 'ipv4'],
  ['172.16.0.0', 12, 'ipv4'],
  ['192.168.0.0', 16, 'ipv4'],
  ['198.18.0.0', 15, 'ipv4'],
  ['::1', 128, 'ipv6'],
  ['fc00::', 7, 'ipv6'],
] as const
for (const [address, prefix, family] of INTERNAL_SUBNETS) INTERNAL.addSubnet(address, prefix, family)

/** An IPv4 address inside one of version 6: mapped, compatible, and behind the translators of NAT64 and 6to4. */
const EMBEDDED = [/^::ffff:(?:0:)?(.+)$/u, /^::(.+)$/u, /^64:ff9b::(.+)$/u]

/** Whether an address is one that a check must never reach. Pure. */
export function isForbiddenAddress(address: string): boolean {
  return isIn(FORBIDDEN, address)
}

/** Whether an address is one of this machine or of a private network. Pure. */
export function isInternalAddress(address: string): boolean {
  return isIn(INTERNAL, address)
}

function isIn(list: BlockList, address: string): boolean {
  const [bare = ''] = address.replace(/^\[|\]$/gu, '').split('%', 1)
  const family = isIP(bare)
  if (family === 0) return false
  if (family === 4) return list.check(bare, 'ipv4')
  if (list.check(bare, 'ipv6')) return true
  const inner = embedded(canonical(bare))
  return inner !== undefined && list.check(inner, 'ipv4')
}

/** One spelling of an IPv6 address: that of the URL standard. */
function canonical(address: string): string {
  return new URL(`http://[${address}]/`).hostname.slice(1, -1)
}

function embedded(address: string): string | undefined {
  const sixToFour = /^2002:([0-9a-f]{1,4}):([0-9a-f]{1,4}):/u.exec(`${address}:`)
  if (sixToFour) return dotted(sixToFour[1] ?? '', sixToFour[2] ?? '')
  for (const pattern of EMBEDDED) {
    const [high = '', low = '', ...more] = (pattern.exec(address)?.[1] ?? '').split(':')
    if (more.length === 0 && isHex(high) && isHex(low)) return dotted(high, low)
  }
  return undefined
}

function isHex(text: string): boolean {
  return /^[0-9a-f]{1,4}$/u.test(text)
}

function dotted(high: string, low: string): string {
  const [left, right] = [Number.parseInt(high, 16), Number.parseInt(low, 16)]
  return [left >> 8, left & 255, right >> 8, right & 255].join('.')
}
