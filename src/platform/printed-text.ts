import type { ExecResult } from './platform.ts'

/** What a program wrote, stdout before stderr, as much of its end as there may be. Foreign text. Pure. */
export function printedText({ stdout, stderr }: ExecResult, maxCharacters: number): string {
  const parts = [new TextDecoder().decode(stdout), stderr].map((part) => part.trim())
  return parts
    .filter((part) => part !== '')
    .join('\n')
    .slice(-maxCharacters)
}
