import { dirname } from 'node:path'
import type { Files } from '../../src/platform/platform.ts'

type Entry = { readonly kind: 'folder' } | { readonly kind: 'file'; bytes: Uint8Array }

/** Durable files without a disk: what settles is kept, for every process that shares them. */
export function createMemoryFiles(): Files {
  const entries = new Map<string, Entry>()
  let made = 0

  const file = (path: string) => {
    const entry = entries.get(path)
    return entry?.kind === 'file' ? entry : undefined
  }
  const within = (path: string) => [...entries.keys()].filter((name) => name === path || name.startsWith(`${path}/`))
  const makeFolder = (path: string): void => {
    for (let folder = path; !entries.has(folder); folder = dirname(folder)) entries.set(folder, { kind: 'folder' })
  }
  const put = (path: string, bytes: Uint8Array): void => {
    makeFolder(dirname(path))
    entries.set(path, { kind: 'file', bytes: bytes.slice() })
  }

  return {
    read: async (path) => file(path)?.bytes.slice(),
    readStart: async (path, size) => file(path)?.bytes.slice(0, size),
    list: async (path) =>
      [...new Set(within(path).flatMap((name) => name.slice(path.length + 1).split('/')[0] ?? []))]
        .filter((name) => name !== '')
        .toSorted(),
    async stat(path) {
      const entry = entries.get(path)
      const size = entry?.kind === 'file' ? entry.bytes.length : 0
      return entry && { kind: entry.kind, size, mode: entry.kind === 'file' ? 0o600 : 0o700, owner: 0, device: 0 }
    },
    realPath: async (path) => (entries.has(path) ? path : undefined),
    makeFolder: async (path) => makeFolder(path),
    replace: async (path, bytes) => put(path, bytes),
    async createExclusive(path, bytes) {
      if (entries.has(path)) return false
      put(path, bytes)
      return true
    },
    async openAppend(path) {
      if (!file(path)) put(path, new Uint8Array())
      return {
        append: async (bytes) => put(path, Buffer.concat([file(path)?.bytes ?? new Uint8Array(), bytes])),
        close: () => Promise.resolve(),
      }
    },
    truncate: async (path, size) => put(path, (file(path)?.bytes ?? new Uint8Array()).slice(0, size)),
    async rename(from, to) {
      makeFolder(dirname(to))
      for (const name of within(from)) {
        const entry = entries.get(name)
        if (entry) entries.set(`${to}${name.slice(from.length)}`, entry)
        entries.delete(name)
      }
    },
    async remove(path) {
      for (const name of within(path)) entries.delete(name)
    },
    async makeTemporary(prefix) {
      made += 1
      makeFolder(`/temporary/${prefix}${made}`)
      return `/temporary/${prefix}${made}`
    },
  }
}
