import * as fs from 'node:fs/promises'
import type { FileSystem } from '../../src/platform/node/files/file-system.ts'

type Handle = Awaited<ReturnType<FileSystem['open']>>

export interface FaultyFileSystem {
  readonly system: FileSystem
  /** Every call so far, those on open files too: `open`, `write`, `sync`, `rename`, … */
  readonly calls: readonly string[]
}

interface Faults {
  /** The call with this index (from 0) fails with `code`. */
  readonly failAt?: number
  readonly code?: string
  /** The most one write takes. */
  readonly writeBytes?: number
  /** Before each call; what it throws is the call's answer. */
  readonly before?: (call: string, path: string) => Promise<void>
  /** After each call that went well. */
  readonly after?: (call: string, path: string) => Promise<void>
}

/** The real file system, except for what `faults` says. */
export function faultyFileSystem(faults: Faults): FaultyFileSystem {
  const calls: string[] = []
  async function through<T>(call: string, path: string, work: () => Promise<T>): Promise<T> {
    const index = calls.push(call) - 1
    if (index === faults.failAt) {
      // Linux frees the descriptor regardless of the answer of close.
      if (call === 'close') await work()
      throw diskError(faults.code ?? 'EIO', call)
    }
    await faults.before?.(call, path)
    const answer = await work()
    await faults.after?.(call, path)
    return answer
  }
  const wrap = (file: Handle, path: string): Handle =>
    new Proxy(file, {
      get(target, name) {
        const member: unknown = Reflect.get(target, name, target)
        if (typeof member !== 'function') return member
        return (...values: readonly unknown[]) =>
          through(String(name), path, async () => {
            const limited = name === 'write' ? limit(values, faults.writeBytes) : values
            return (await Reflect.apply(member, target, limited)) as unknown
          })
      },
    })
  const system = new Proxy(fs, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target)
      if (typeof member !== 'function') return member
      return async (...values: readonly unknown[]) => {
        const path = String(values[0])
        const answer: unknown = await through(String(name), path, () => Reflect.apply(member, target, values))
        return name === 'open' ? wrap(answer as Handle, path) : answer
      }
    },
  })
  return { system, calls }
}

/** `write(bytes, offset, length, position)` with a smaller length. */
function limit(values: readonly unknown[], writeBytes = Number.POSITIVE_INFINITY): readonly unknown[] {
  const [bytes, offset, length, position] = values
  return [bytes, offset, Math.min(Number(length), writeBytes), position]
}

export function diskError(code: string, call: string): Error {
  return Object.assign(new Error(`${code}: made to fail, ${call}`), { code })
}
