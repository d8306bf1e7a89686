import { sanitize } from '../domain/text/sanitize.ts'
import { BagboyError } from '../errors/bagboy-error.ts'
import type { GitConnection } from '../git/git-connection.ts'
import { epochIn } from './lock-epoch.ts'
import { parseBeat, parseRecord, formatBeat } from './lock-record.ts'
import type { Lease, LockObservation, LockStorage } from './lock-storage.ts'
import { dropRefs, listRefs, moveRef, readBlob, storeBlob, type LockRefs } from './lock-refs.ts'
import { openLockConnection, type LockConnectionOptions } from './lock-connection.ts'

export interface LockRemoteOptions extends LockConnectionOptions {
  /** `refs/bagboy/lock`: the claim of an epoch is `<prefix>/<epoch>`, its end `<prefix>/<epoch>.rel`. */
  readonly refPrefix: string
}

const NAME = /^(?<epoch>[1-9]\d*)(?<end>\.rel)?$/u
/** Epochs that stay on the remote, and how many older ones are removed at once. */
const KEPT = 20
const DROPPED = 10
/** After that it is no record at all. */
const MAX_READS = 4

/**
 * Keeps apart machines that share nothing but a git remote. A claim is a ref that is created if there is none, by a push
 * with a lease: exactly one of any number of contenders can. A sign of life is the same ref with other content.
 */
export function openLockRemote(options: LockRemoteOptions): LockStorage {
  const { refPrefix: prefix, platform } = options
  let opening: Promise<GitConnection> | undefined
  const open = (): Promise<GitConnection> =>
    (opening ??= openLockConnection(options).catch((error: unknown) => {
      opening = undefined
      throw error
    }))
  /** What our own refs point at, as far as we know. */
  const ours = new Map<string, string>()

  const move = async (name: string, text: string, from: string): Promise<boolean> => {
    const connection = await open()
    const to = await storeBlob(connection, text)
    const isMoved = await moveRef(connection, prefix, { name, from, to })
    if (isMoved) ours.set(name, to)
    return isMoved
  }
  const nonce = (): string => platform.random.hex(8)

  return {
    span: 'machines',
    async observe() {
      const connection = await open()
      return observationOf(connection, prefix, await listRefs(connection, prefix))
    },
    tryAcquire: (record) => move(String(record.epoch), formatBeat(record, record.since, nonce()), ''),
    async writeBeat(record, at) {
      const name = String(record.epoch)
      // After an answer that was lost only the remote knows.
      const from = ours.get(name) ?? (await listRefs(await open(), prefix)).get(name) ?? ''
      ours.delete(name)
      await move(name, formatBeat(record, at, nonce()), from)
    },
    async writeRelease(epoch, at) {
      try {
        await move(`${epoch}.rel`, `${at} ${nonce()}\n`, '')
        if (epoch % DROPPED === 0) await dropOld(await open(), prefix, epoch)
      } catch (error) {
        // The guarded work is over, regardless of this error: others find the holder gone, or silent.
        if (!(error instanceof BagboyError) || error.code !== 'LOCK_UNREACHABLE') throw error
      }
    },
  }
}

function observationOf(connection: GitConnection, prefix: string, refs: LockRefs): LockObservation {
  const epoch = [...refs.keys()].reduce((highest, name) => Math.max(highest, epochOf(name, prefix)), 0)
  return {
    epoch,
    isReleased: refs.has(`${epoch}.rel`),
    readLease: () => readLease(connection, prefix, epoch, refs),
  }
}

function epochOf(name: string, prefix: string): number {
  const ref = `${prefix}/${name}`
  return epochIn(NAME.exec(name)?.groups?.['epoch'] ?? '0', ref, `git push REMOTE --delete ${sanitize(ref)}`)
}

/** What a holder says may have changed since the refs were listed; then the newest counts. */
async function readLease(connection: GitConnection, prefix: string, epoch: number, refs: LockRefs): Promise<Lease> {
  let object = refs.get(String(epoch)) ?? ''
  let text: string | undefined
  for (let attempt = 1; text === undefined && object !== '' && attempt <= MAX_READS; attempt += 1) {
    if (attempt > 1) object = (await listRefs(connection, prefix)).get(String(epoch)) ?? ''
    text = await readBlob(connection, `${prefix}/${epoch}`, object)
  }
  const record = parseRecord(text ?? '', epoch)
  return { record, beat: object, lastBeat: parseBeat(text ?? '') ?? record.since }
}

/** Those who slept that long find newer epochs all the same: the newest ones stay. */
async function dropOld(connection: GitConnection, prefix: string, epoch: number): Promise<void> {
  const names = [...(await listRefs(connection, prefix)).keys()]
  const old = names.filter((name) => epochOf(name, prefix) > 0 && epochOf(name, prefix) <= epoch - KEPT)
  if (old.length > 0) await dropRefs(connection, prefix, old)
}
