import type { ExecResult, Secrets } from './platform.ts'

/** What a program wrote, stdout before stderr, as much of its end as there may be, without secrets. Foreign text. */
export function printedText({ stdout, stderr }: ExecResult, maxCharacters: number, secrets: Secrets): string {
  const parts = [new TextDecoder().decode(stdout), stderr].map((part) => part.trim())
  const text = parts.filter((part) => part !== '').join('\n')
  // Masked first: a secret that is cut through is not found.
  return secrets.mask(text).slice(-maxCharacters)
}
