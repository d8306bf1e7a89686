export interface NpmrcLine {
  readonly key: string
  /** Without quotes; `${NAME}` as it stands. */
  readonly value: string
}

/** What a `.npmrc` says, line by line. Pure. */
export function npmrcLines(text: string): readonly NpmrcLine[] {
  return text.split(/\r?\n/u).flatMap((line) => {
    const [, key, raw] = /^\s*([^#;=\s][^=]*?)\s*=\s*(.*?)\s*$/u.exec(line) ?? []
    return key === undefined || raw === undefined ? [] : [{ key, value: raw.replace(/^(["'])(.*)\1$/u, '$2') }]
  })
}

/** Whether a key of `.npmrc` holds a secret, or leads to one. */
export function isNpmCredential(key: string): boolean {
  return /(?:^|:)(?:_auth|_authToken|_password|username|certfile|keyfile|cert|key)$/u.test(key)
}
