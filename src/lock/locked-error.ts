import { sanitize } from '../domain/text/sanitize.ts'
import { isDeployPurpose } from '../domain/lock-purpose.ts'
import { BagboyError } from '../errors/bagboy-error.ts'
import type { Host } from '../platform/platform.ts'
import type { LockStorage } from './lock-storage.ts'
import type { LockSubject } from './lock-name.ts'
import type { LockRecord } from './lock-record.ts'
import type { LockState } from './lock.ts'

interface Here {
  readonly platform: { readonly host: Pick<Host, 'name'> }
  readonly storage: Pick<LockStorage, 'span'>
  readonly subject?: LockSubject
}

/** For a lock that has a holder. */
export function lockedError(
  { state, epoch, holder }: Exclude<LockState, { state: 'free' }>,
  { platform, storage, subject }: Here,
): BagboyError {
  const isQuiet = state === 'silent' ? ', silent for longer than its ttl' : ''
  const whose = subject ? `${sanitize(subject.app, 80)} in ${sanitize(subject.environment, 80)} is ` : ''
  const message = `${whose}locked by ${describeHolder(holder)}, last beat ${sanitize(holder.lastBeat, 40)}${isQuiet}`
  const release = (yes: string): string => `bagboy-tui lock release ${epoch}${yes} --reason TEXT`
  // A run is watched where its journal is.
  const isElsewhere = storage.span === 'machines' && holder.host !== platform.host.name
  const where = isElsewhere ? ` there, on ${sanitize(holder.host, 80)}` : ''
  const watch = holder.run === '' ? '' : `Watch it${where}: ${watchCommand(holder)}. `
  const hint =
    state === 'silent'
      ? `When you know that it does not go on: ${release('')}, and then what you were about to do.`
      : `${watch}Wait until it is done, or, when it must not go on: ${release(' --yes')}`
  return new BagboyError('LOCKED', message, { hint, details: { state, ...holder } })
}

interface Loss {
  readonly epoch: number
  readonly newest: number
  readonly successor: LockRecord | undefined
  /** Why our beats had stopped, when they had. */
  readonly cause: BagboyError | undefined
}

export function lockLostError({ epoch, newest, successor, cause }: Loss): BagboyError {
  const taken = successor ? `: ${describeHolder(successor)}` : ''
  const watch = successor === undefined || successor.run === '' ? '' : ` Watch its run: ${watchCommand(successor)}`
  return new BagboyError('LOCK_LOST', `lock ${epoch} is no longer ours, the newest is ${newest}${taken}`, {
    hint: `This process changes nothing more; the run belongs to the holder of the lock: bagboy-tui lock status.${watch}`,
    details: { epoch, newest },
    ...(cause === undefined ? {} : { cause }),
  })
}

function watchCommand({ run, purpose }: Pick<LockRecord, 'run' | 'purpose'>): string {
  return isDeployPurpose(purpose) ? 'bagboy-tui traffic status --watch' : `bagboy-tui runs follow ${sanitize(run, 40)}`
}

/** All of it was written by another process, so all of it is foreign. */
function describeHolder(holder: Omit<LockRecord, 'pidSpace' | 'broke'>): string {
  const show = (text: string): string => sanitize(text, 200)
  return `${show(holder.who)} on ${show(holder.host)} (pid ${holder.pid}), run ${show(holder.run)}, ${show(holder.purpose)}, since ${show(holder.since)}`
}
