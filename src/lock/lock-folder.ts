import { join } from 'node:path'
import { sanitize } from '../domain/text/sanitize.ts'
import { epochIn } from './lock-epoch.ts'
import type { Files } from '../platform/platform.ts'
import { ifReadable } from '../platform/unreadable.ts'
import type { Lease, LockStorage } from './lock-storage.ts'
import { formatRecord, parseRecord } from './lock-record.ts'

/** Of a record or a heartbeat. */
const MAX_BYTES = 64 * 1024
/** `<epoch>.json` is the claim, `<epoch>.rel` its end, `<epoch>.beat` the last sign of life. */
const NAME = /^(?<epoch>\d{10,})\.(?<kind>json|rel)$/u

/** Keeps apart those who share a folder. */
export function openLockFolder(files: Files, folder: string): LockStorage {
  const pathOf = (epoch: number, kind: string): string => join(folder, `${String(epoch).padStart(10, '0')}.${kind}`)
  const readLease = async (epoch: number): Promise<Lease> => {
    const record = parseRecord(decode(await ifReadable(files.read(pathOf(epoch, 'json'), MAX_BYTES))), epoch)
    const beat = decode(await ifReadable(files.read(pathOf(epoch, 'beat'), MAX_BYTES))).trim()
    return { record, beat, lastBeat: beat === '' ? record.since : beat }
  }
  return {
    span: 'folder',
    async observe() {
      const names = await files.list(folder)
      const parts = names.map((name) => NAME.exec(name)?.groups)
      const epochs = parts.map((part, index) => {
        const path = join(folder, names[index] ?? '')
        return epochIn(part?.['epoch'] ?? '0', path, `rm -- ${sanitize(path)}`)
      })
      const epoch = epochs.reduce((highest, each) => Math.max(highest, each), 0)
      const isReleased = parts.some((part, index) => part?.['kind'] === 'rel' && epochs[index] === epoch)
      return { epoch, isReleased, readLease: () => readLease(epoch) }
    },
    async tryAcquire(record) {
      await files.makeFolder(folder)
      return await files.createExclusive(pathOf(record.epoch, 'json'), encode(`${formatRecord(record)}\n`))
    },
    async writeRelease(epoch, at) {
      await files.createExclusive(pathOf(epoch, 'rel'), encode(`${at}\n`))
    },
    writeBeat: ({ epoch }, at) => files.replace(pathOf(epoch, 'beat'), encode(`${at}\n`)),
  }
}

function decode(bytes: Uint8Array | undefined): string {
  return new TextDecoder().decode(bytes)
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}
