export interface NpmrcLine {
  readonly key: string
  /** Without quotes; `${NAME}` as it stands. */
  readonly value: string
}

/** What a `.npmrc` says, line by line. Pure. */
export function npmrcLines(text: string): readonly NpmrcLine[] {
  return text.split(/\r?\n/u).flatMap((line) => {
    const equals = line.indexOf('=')
    const key = line.slice(0, equals).trim()
    if (equals === -1 || key === '' || key.startsWith('#') || key.startsWith(';')) return []
    return [{ key, value: unquote(line.slice(equals + 1).trim()) }]
  })
}

function unquote(text: string): string {
  const quote = text.charAt(0)
  const isQuoted = text.length > 1 && (quote === '"' || quote === "'") && text.endsWith(quote)
  return isQuoted ? text.slice(1, -1) : text
}

/** Whether a key of `.npmrc` holds a secret, or leads to one. */
export function isNpmCredential(key: string): boolean {
  return /(?:^|:)(?:_auth|_authToken|_password|username|certfile|keyfile|cert|key)$/u.test(key)
}
