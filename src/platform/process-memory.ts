import type { Platform } from './platform.ts'

/** Entries kept of each kind; the oldest goes first. */
const MAX_ENTRIES = 256

/** What a process remembers between two calls of a driver, for one platform: only what is cheaper than asking again. */
export interface ProcessMemory<Value> {
  get(platform: Platform, key: string): Value | undefined
  set(platform: Platform, key: string, value: Value): void
  forget(platform: Platform, key: string): void
}

export function createProcessMemory<Value>(): ProcessMemory<Value> {
  const byPlatform = new WeakMap<Platform, Map<string, Value>>()
  return {
    get: (platform, key) => byPlatform.get(platform)?.get(key),
    set(platform, key, value) {
      const entries = byPlatform.get(platform) ?? new Map<string, Value>()
      byPlatform.set(platform, entries)
      const [oldest] = entries.keys()
      if (oldest !== undefined && entries.size >= MAX_ENTRIES) entries.delete(oldest)
      entries.set(key, value)
    },
    forget: (platform, key) => void byPlatform.get(platform)?.delete(key),
  }
}
