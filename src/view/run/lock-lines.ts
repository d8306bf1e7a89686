import { isDeployPurpose } from '../../domain/lock-purpose.ts'
import type { LockInfo } from '../../engine/engine.ts'
import type { Line, Span } from '../text.ts'
import { age } from '../time.ts'

export interface LockContext {
  /** RFC 3339. */
  readonly now: string
  /** Whether the journal of the holder's run is in this project's folder. */
  readonly isRunHere: boolean
}

/** Who holds the lock, where, why and since when, and what can be done about it. Pure. */
export function renderLock(lock: LockInfo, { now, isRunHere }: LockContext): readonly Line[] {
  const { state, epoch, run, purpose, since, lastBeat, app, environment } = lock
  const whose = `The lock of ${app} in ${environment}`
  if (state === 'free') return [{ text: `${whose} is free (epoch ${epoch}).`, tone: 'ok' }]
  if (state === 'unknown') {
    return [
      {
        text: `${whose} is not read: that needs a login, and this folder is not trusted. See: bagboy-tui trust`,
        tone: 'warning',
      },
    ]
  }
  return [
    { text: `${whose} is ${headline(lock)}`, tone: state === 'dead' ? 'bad' : 'warning' },
    `  for        ${purpose}${run === '' ? '' : `, run ${run}`}`,
    `  since      ${withAge(since, now)}`,
    `  last beat  ${withAge(lastBeat, now)}`,
    `  epoch      ${epoch}`,
    ...remedies(lock, isRunHere).map(([label, command]): readonly Span[] => [
      { text: `  ${label.padEnd(WIDTH)}`, tone: 'dim' },
      command,
    ]),
  ]
}

function headline({ state, who, host, pid }: LockInfo): string {
  const holder = `${who} on ${host}, process ${pid}`
  switch (state) {
    case 'dead':
      return `left behind by ${holder}: that process is gone. The next command takes the lock automatically.`
    case 'silent':
      return `held by ${holder}, without a heartbeat for longer than its ttl: stopped, asleep or cut off. Ask before you release it.`
    case 'held':
    case 'free':
    case 'unknown':
      return `held by ${holder}.`
  }
}

const WIDTH = 'if it stays silent  '.length

function remedies(lock: LockInfo, isRunHere: boolean): readonly (readonly [label: string, command: string])[] {
  const { state, epoch, run, host, purpose } = lock
  const resume = run === '' ? [] : ([['resume it', goOn(lock, isRunHere)]] as const)
  const there = isRunHere ? '' : `, on ${host}`
  const follow = isDeployPurpose(purpose) ? 'traffic status --watch' : `runs follow ${run}`
  const watch = run === '' ? [] : ([['watch it', `bagboy-tui ${follow}${there}`]] as const)
  if (state === 'dead') return resume
  const isLive = state === 'held'
  const release = `bagboy-tui lock release ${epoch}${isLive ? ' --yes' : ''} --reason TEXT`
  return [...watch, [isLive ? 'if it must stop' : 'if it stays silent', release], ...(isLive ? [] : resume)]
}

/** A run is resumed where its journal is; anywhere else it is planned anew from what the registries serve. */
export function goOn({ run, purpose }: Pick<LockInfo, 'run' | 'purpose'>, isRunHere: boolean): string {
  if (isDeployPurpose(purpose)) return 'bagboy-tui traffic resume'
  return isRunHere ? `bagboy-tui runs resume ${run}` : 'bagboy-tui rollback'
}

/** A moment of another machine's clock with its age by ours; clocks that disagree give none. */
function withAge(at: string, now: string): string {
  const ageMs = Date.parse(now) - Date.parse(at)
  return ageMs >= 0 ? `${at}, ${age(at, now)} ago` : at
}
