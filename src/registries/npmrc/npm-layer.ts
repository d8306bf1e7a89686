import { resolve } from 'node:path'
import { own } from '../../domain/text/own.ts'
import type { Platform } from '../../platform/platform.ts'
import { fillNpmVariables } from './npm-variables.ts'
import { parseNpmrc, type NpmValue } from './npmrc.ts'

/** One source of npm's configuration. */
export interface NpmLayer {
  readonly kind: 'environment' | 'project' | 'user' | 'global' | 'builtin'
  /** As people know it: a path, or `the environment`. */
  readonly source: string
  readonly settings: ReadonlyMap<string, NpmSetting>
}

export interface NpmSetting {
  readonly value: NpmValue
  /** Variables that the value names and that are not set. */
  readonly missing: readonly string[]
}

export interface LayerContext {
  /** What `${NAME}` is filled in from. */
  readonly env: Platform['env']
  /** Of the user; empty when the system has none. */
  readonly home: string
  /** Relative paths start here. */
  readonly folder: string
}

const PATHS = new Set(['cafile', 'globalconfig', 'prefix', 'userconfig'])
/** Kept as written where npm takes any text; elsewhere `true`, `false` and `null` are no texts. */
const TEXTS = new Set([...PATHS, 'ca', 'cert', 'key', 'noproxy', 'otp', 'tag'])
/** Several values in one variable are separated by an empty line. */
const LISTS = new Set(['ca', 'noproxy'])
const NO_TEXTS: Readonly<Record<string, NpmValue>> = { true: true, false: false, null: null, undefined: null }

/** The settings of a `.npmrc` with their variables filled in. Pure. */
export function layerOfText(text: string, context: LayerContext): NpmLayer['settings'] {
  return settingsOf(parseNpmrc(text), context)
}

/**
 * The settings that the environment holds as `npm_config_*`. Names are in lower case except in keys of a registry
 * (`//host/:_authToken`), which npm takes as they are. Pure.
 */
export function layerOfVariables(context: LayerContext): NpmLayer['settings'] {
  const entries = Object.entries(context.env).flatMap(([name, value]) =>
    /^npm_config_/iu.test(name) && value ? [[keyOfVariable(name), value] as const] : [],
  )
  return settingsOf(new Map(entries), context)
}

function keyOfVariable(name: string): string {
  const key = name.slice('npm_config_'.length)
  return key.startsWith('//') ? key : key.replaceAll(/(?!^)_/gu, '-').toLowerCase()
}

function settingsOf(entries: ReadonlyMap<string, NpmValue>, context: LayerContext): NpmLayer['settings'] {
  return new Map(
    [...entries].map(([written, value]) => {
      const key = fillNpmVariables(written, context.env)
      const setting = settingOf(key.text, value, context)
      return [key.text, { ...setting, missing: [...key.missing, ...setting.missing] }] as const
    }),
  )
}

function settingOf(key: string, value: NpmValue, context: LayerContext): NpmSetting {
  if (value === null || typeof value === 'boolean') return { value, missing: [] }
  if (typeof value !== 'string' || LISTS.has(key)) {
    const texts = typeof value === 'string' ? value.trim().split('\n\n') : value
    const filled = texts.map((text) => fillNpmVariables(text.trim(), context.env))
    return { value: filled.map(({ text }) => text), missing: filled.flatMap(({ missing }) => missing) }
  }
  const trimmed = value.trim()
  const noText = TEXTS.has(key) ? undefined : own(NO_TEXTS, trimmed)
  if (noText !== undefined) return { value: noText, missing: [] }
  const { text, missing } = fillNpmVariables(trimmed, context.env)
  return { value: PATHS.has(key) && text !== '' ? absolute(text, context) : text, missing }
}

function absolute(path: string, { home, folder }: LayerContext): string {
  return path.startsWith('~/') && home !== '' ? resolve(home, path.slice(2)) : resolve(folder, path)
}
