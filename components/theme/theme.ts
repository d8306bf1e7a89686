import type { Tone as TextTone } from '../../src/view/text.ts'
import { asciiOnly } from './ascii.ts'

/** Meanings of text; a screen never names a colour. */
export type Tone = TextTone | 'text' | 'accent' | 'prod' | 'staging' | 'dev'

export interface TextStyle {
  readonly color?: string
  readonly backgroundColor?: string
  readonly bold?: boolean
  readonly dimColor?: boolean
  readonly inverse?: boolean
}

export interface Theme {
  readonly isAscii: boolean
  readonly hasColor: boolean
  readonly styles: Readonly<Record<Tone, TextStyle>>
  /** Replaces what the terminal cannot show, column for column. */
  show(text: string): string
}

/** The terminal's own sixteen colours, so that the operator's palette rules; `dim` instead of bright black. */
const COLORED: Theme['styles'] = {
  text: {},
  strong: { bold: true },
  dim: { dimColor: true },
  ok: { color: 'green' },
  bad: { color: 'red' },
  warning: { color: 'yellow' },
  info: { color: 'cyan' },
  accent: { color: 'cyan', bold: true },
  prod: { color: 'white', backgroundColor: 'red', bold: true },
  staging: { color: 'black', backgroundColor: 'yellow' },
  dev: { color: 'black', backgroundColor: 'cyan' },
}

const PLAIN: Theme['styles'] = {
  text: {},
  strong: { bold: true },
  dim: {},
  ok: {},
  bad: { bold: true },
  warning: {},
  info: {},
  accent: { bold: true },
  prod: { inverse: true },
  staging: { inverse: true },
  dev: { inverse: true },
}

export function createTheme({ isAscii, hasColor }: { readonly isAscii: boolean; readonly hasColor: boolean }): Theme {
  return { isAscii, hasColor, styles: hasColor ? COLORED : PLAIN, show: isAscii ? asciiOnly : (text) => text }
}

/** ASCII where the locale or the terminal cannot do more; no colour where it is not wanted. Pure. */
export function detectTheme(env: Readonly<Record<string, string | undefined>>): {
  readonly isAscii: boolean
  readonly hasColor: boolean
} {
  const locale =
    [env['LC_ALL'], env['LC_CTYPE'], env['LANG']].find((value) => value !== undefined && value !== '') ?? ''
  return {
    isAscii: env['BAGBOY_ASCII'] === '1' || env['TERM'] === 'linux' || !/utf-?8/iu.test(locale),
    hasColor: (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb',
  }
}

export function environmentTone(environment: string): Tone {
  if (/^prod/iu.test(environment)) return 'prod'
  return /^(?:stag|pre|uat)/iu.test(environment) ? 'staging' : 'dev'
}

/** `PROD`, `STAGING`; long names cut by the header. */
export function environmentWord(environment: string): string {
  return /^production$/iu.test(environment) ? 'PROD' : environment.toUpperCase()
}
