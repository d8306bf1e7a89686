import { decode } from 'ini'

/** As npm's ini parser reads it: `true`, `false` and `null` without quotes are not texts, `key[]` makes a list. */
export type NpmValue = string | boolean | null | readonly string[]

/** The settings of one `.npmrc` in their order, with variables as they stand. Keys of sections are not settings. Pure. */
export function parseNpmrc(text: string): ReadonlyMap<string, NpmValue> {
  const entries = new Map<string, NpmValue>()
  for (const [key, value] of Object.entries<unknown>(decode(text))) {
    if (Array.isArray(value)) entries.set(key, value.map(String))
    else if (isScalar(value)) entries.set(key, value)
  }
  return entries
}

function isScalar(value: unknown): value is string | boolean | null {
  return value === null || typeof value === 'string' || typeof value === 'boolean'
}

/** Whether a key of npm's configuration holds a secret, or leads to one. */
export function isNpmCredential(key: string): boolean {
  return /(?:^|:)(?:_auth|_authToken|_password|username|certfile|keyfile|cert|key)$/u.test(key)
}

/** Such a key names a file, which in a project's configuration could be one of the user. */
export function namesNpmKeyFile(key: string): boolean {
  return key.endsWith(':certfile') || key.endsWith(':keyfile')
}
