/** Methods that change nothing, by RFC 9110. */
const READS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS'])

export function isRead(method: string): boolean {
  return READS.has(method)
}
