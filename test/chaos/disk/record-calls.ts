import { constants, readFileSync, readdirSync, lstatSync } from 'node:fs'
import * as fs from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { createNodeFiles } from '../../../src/platform/node/files/files.ts'
import type { FileSystem } from '../../../src/platform/node/files/file-system.ts'
import type { Files } from '../../../src/platform/platform.ts'
import type { Disk, Node, Recorded, Recording } from './effects.ts'

type Handle = Awaited<ReturnType<FileSystem['open']>>

export interface Recorder {
  readonly files: Files
  readonly system: FileSystem
  acknowledge(fact: string): void
  recording(): Recording
}

/** The real file system, which writes down every call that changes something below `root` or makes it durable. */
export function recordCalls(root: string): Recorder {
  const start = readDisk(root)
  const names = new Map(start.names)
  const kinds = new Map([...start.nodes].map(([node, { kind }]) => [node, kind]))
  const recorded: Recorded[] = []
  const pathOf = (path: string) => relative(root, path)
  const makeNode = (kind: Node['kind']): number => {
    kinds.set(kinds.size + 1, kind)
    return kinds.size
  }

  function name(path: string, node: number, from?: string): void {
    if (from !== undefined) {
      for (const [old, held] of new Map(names)) {
        if (old !== from && !old.startsWith(`${from}/`)) continue
        names.delete(old)
        names.set(path + old.slice(from.length), held)
      }
    }
    names.set(path, node)
    recorded.push({ kind: 'name', path, node, ...(from === undefined ? {} : { from }) })
  }

  function unname(path: string): void {
    names.delete(path)
    recorded.push({ kind: 'unname', path })
  }

  async function makeFolder(path: string): Promise<string | undefined> {
    let first: string | undefined
    const missing: string[] = []
    for (let folder = path; pathOf(folder) !== '' && !names.has(pathOf(folder)); folder = dirname(folder))
      missing.unshift(folder)
    for (const folder of missing) {
      await fs.mkdir(folder, { mode: 0o700 })
      first ??= folder
      name(pathOf(folder), makeNode('folder'))
    }
    return first
  }

  async function open(path: string, flags: number, mode?: number): Promise<Handle> {
    const isNew = !names.has(pathOf(path)) && pathOf(path) !== ''
    const file = await fs.open(path, flags, mode)
    if (isNew) name(pathOf(path), makeNode('file'))
    const node = names.get(pathOf(path)) ?? 0
    if ((flags & constants.O_TRUNC) !== 0 && !isNew) recorded.push({ kind: 'cut', node, size: 0 })
    let at = (flags & constants.O_APPEND) === 0 ? 0 : (await file.stat()).size
    return replaceMembers(file, {
      async write(bytes: Uint8Array, offset: number, length: number) {
        const { bytesWritten } = await file.write(bytes, offset, length, null)
        recorded.push({ kind: 'write', node, at, bytes: bytes.slice(offset, offset + bytesWritten) })
        at += bytesWritten
        return { bytesWritten, buffer: bytes }
      },
      async truncate(size: number) {
        await file.truncate(size)
        recorded.push({ kind: 'cut', node, size })
      },
      sync: () => sync(file.sync(), path, node),
      datasync: () => sync(file.datasync(), path, node),
    })
  }

  async function sync(done: Promise<void>, path: string, node: number): Promise<void> {
    await done
    const isFolder = pathOf(path) === '' || kinds.get(node) === 'folder'
    recorded.push(isFolder ? { kind: 'sync-folder', path: pathOf(path) } : { kind: 'sync-node', node })
  }

  const system = replaceMembers<FileSystem>(fs, {
    open,
    mkdir: makeFolder,
    async rename(from: string, to: string) {
      await fs.rename(from, to)
      name(pathOf(to), names.get(pathOf(from)) ?? 0, pathOf(from))
    },
    async link(from: string, to: string) {
      await fs.link(from, to)
      name(pathOf(to), names.get(pathOf(from)) ?? 0)
    },
    async unlink(path: string) {
      await fs.unlink(path)
      unname(pathOf(path))
    },
    async rm(path: string, options: object) {
      await fs.rm(path, options)
      for (const inner of [...names.keys()].filter((one) => one.startsWith(`${pathOf(path)}/`))) unname(inner)
      if (names.has(pathOf(path))) unname(pathOf(path))
    },
  })
  return {
    system,
    files: createNodeFiles(system),
    acknowledge: (fact) => void recorded.push({ kind: 'acknowledged', fact }),
    recording: () => ({ start, recorded, kinds }),
  }
}

/** Everything else is the original's. */
function replaceMembers<T extends object>(original: T, members: Readonly<Record<string, unknown>>): T {
  return new Proxy(original, {
    get(target, member) {
      if (typeof member === 'string' && Object.hasOwn(members, member)) return members[member]
      const own: unknown = Reflect.get(target, member, target)
      return typeof own === 'function' ? (own.bind(target) as unknown) : own
    },
  })
}

function readDisk(root: string): Disk {
  const names = new Map<string, number>()
  const nodes = new Map<number, Node>()
  for (const path of readdirSync(root, { recursive: true, encoding: 'utf8' }).sort()) {
    const isFolder = lstatSync(join(root, path)).isDirectory()
    names.set(path, nodes.size + 1)
    nodes.set(nodes.size + 1, {
      kind: isFolder ? 'folder' : 'file',
      bytes: isFolder ? new Uint8Array() : readFileSync(join(root, path)),
    })
  }
  return { names, nodes }
}
