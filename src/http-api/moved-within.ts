import type { HttpResponse } from '../platform/platform.ts'

/** Where the same registry wants the same write instead (307, 308); `undefined` for anything else. Pure. */
export function movedWithin({ status, headers }: HttpResponse, from: string): string | undefined {
  const location = headers['location'] ?? ''
  if ((status !== 307 && status !== 308) || !URL.canParse(location, from)) return undefined
  const { href, origin, username, password } = new URL(location, from)
  const hasLogin = username !== '' || password !== ''
  return origin === new URL(from).origin && !hasLogin ? href : undefined
}
