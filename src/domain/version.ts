import semver from 'semver'
import type { Brand } from './text/brand.ts'

/** A version as the history writes it, with its `v` when it has one. */
export type Version = Brand<string, 'Version'>

const VERSION = /^[0-9A-Za-z][0-9A-Za-z.+_-]*$/u

/** `undefined` when the text could be an option, a path or a range: it reaches commands and addresses. */
export function parseVersion(text: string): Version | undefined {
  return VERSION.test(text) && text.length <= 128 ? (text as Version) : undefined
}

/** The version as registries write it: `v1.2.0` → `1.2.0`. */
export function bareVersion(version: string): string {
  return /^v\d/u.test(version) ? version.slice(1) : version
}

export function sameVersion(a: string, b: string): boolean {
  return bareVersion(a) === bareVersion(b)
}

/** Semantic versions by precedence, calendar and opaque ones by natural order. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [semver.parse(bareVersion(a)), semver.parse(bareVersion(b))]
  return left && right ? left.compare(right) : bareVersion(a).localeCompare(bareVersion(b), 'en', { numeric: true })
}

/** Whether going from `from` to `to` crosses a major version; `undefined` when either is not semantic. */
export function crossesMajor(from: string, to: string): boolean | undefined {
  const [left, right] = [semver.parse(bareVersion(from)), semver.parse(bareVersion(to))]
  return left && right ? left.major !== right.major : undefined
}
