import type { LockInfo } from './engine.ts'
import type { EngineParts } from './engine-parts.ts'

const NOBODY = { who: '', host: '', pid: 0, run: '', purpose: '', since: '', lastBeat: '' }

export async function lockInfo({ lock }: Pick<EngineParts, 'lock'>): Promise<LockInfo> {
  const status = await lock.status()
  if (status.state === 'free') return { epoch: status.epoch, state: 'free', ...NOBODY }
  const { who, host, pid, run, purpose, since, lastBeat } = status.holder
  return { epoch: status.epoch, state: status.state, who, host, pid, run, purpose, since, lastBeat }
}
