import { join } from 'node:path'
import type { Files } from '../platform/platform.ts'
import { parseHolder, type LockRecord } from './lock-record.ts'

/** `<epoch>.json` is the claim, `<epoch>.rel` its end, `<epoch>.beat` the last sign of life. */
const NAME = /^(?<epoch>\d{10})\.(?<kind>json|rel)$/u

export interface LockFolder {
  /** The newest epoch, 0 when there was never one, and whether its holder gave it back. */
  newest(): Promise<{ readonly epoch: number; readonly isReleased: boolean }>
  readHolder(epoch: number): Promise<LockRecord>
  /** Empty when there was none yet. */
  readBeat(epoch: number): Promise<string>
  /** `false`: somebody else has this epoch. */
  claim(record: LockRecord): Promise<boolean>
  writeRelease(epoch: number, at: string): Promise<void>
  writeBeat(epoch: number, at: string): Promise<void>
}

export function openLockFolder(files: Files, folder: string): LockFolder {
  const pathOf = (epoch: number, kind: string): string => join(folder, `${String(epoch).padStart(10, '0')}.${kind}`)
  return {
    async newest() {
      const parts = (await files.list(folder)).map((name) => NAME.exec(name)?.groups)
      const epochs = parts.map((part) => Number(part?.['epoch'] ?? 0))
      const epoch = Math.max(0, ...epochs)
      const isReleased = parts.some((part, index) => part?.['kind'] === 'rel' && epochs[index] === epoch)
      return { epoch, isReleased }
    },
    async readHolder(epoch) {
      return parseHolder(decode(await files.read(pathOf(epoch, 'json'))), epoch)
    },
    async readBeat(epoch) {
      return decode(await files.read(pathOf(epoch, 'beat'))).trim()
    },
    async claim(record) {
      await files.makeFolder(folder)
      return await files.createExclusive(pathOf(record.epoch, 'json'), encode(`${JSON.stringify(record)}\n`))
    },
    async writeRelease(epoch, at) {
      await files.createExclusive(pathOf(epoch, 'rel'), encode(`${at}\n`))
    },
    writeBeat: (epoch, at) => files.replace(pathOf(epoch, 'beat'), encode(`${at}\n`)),
  }
}

function decode(bytes: Uint8Array | undefined): string {
  return new TextDecoder().decode(bytes)
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}
