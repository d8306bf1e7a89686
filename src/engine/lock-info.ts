import { BagboyError } from '../errors/bagboy-error.ts'
import type { LockInfo } from './engine.ts'
import type { EngineParts } from './engine-parts.ts'

const NO_HOLDER = { who: '', host: '', pid: 0, run: '', purpose: '', since: '', lastBeat: '' }

export async function lockInfo({ lock, config }: Pick<EngineParts, 'lock' | 'config'>): Promise<LockInfo> {
  const status = await lock.status().catch((error: unknown) => {
    if (error instanceof BagboyError && error.code === 'NOT_TRUSTED') return undefined
    throw error
  })
  const whose = { app: config.app, environment: config.environment }
  if (!status) return { ...whose, epoch: 0, state: 'unknown', ...NO_HOLDER }
  if (status.state === 'free') return { ...whose, epoch: status.epoch, state: 'free', ...NO_HOLDER }
  const { who, host, pid, run, purpose, since, lastBeat } = status.holder
  return { ...whose, epoch: status.epoch, state: status.state, who, host, pid, run, purpose, since, lastBeat }
}
