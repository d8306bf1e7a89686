import type { Stamped } from '../../../src/events/events.ts'
import { READS_REQUIRED } from '../../../src/domain/plan.ts'
import type { MemoryWorld } from '../../support/registries/memory-driver.ts'
import type { ForeignMove } from './scenario.ts'

/** Looks at what engines do to the world while they do it, and says what they must not have done. */
export interface WorldWatch {
  readonly violations: readonly string[]
  /** Somebody else moves a tag. */
  move(move: ForeignMove): void
  /** A plan was made: what it has seen of other people's moves is what it starts from. */
  acceptSeen(): void
  /** Somebody else moved it, and no engine has looked since. */
  isUnseen(registry: string): boolean
  /** Every record an engine writes, at the moment it is written. */
  onRecord(event: Stamped): void
}

interface Mark {
  readonly value: string
  wasSeen: boolean
}

export function watchWorld(world: MemoryWorld): WorldWatch {
  const violations: string[] = []
  const marks = new Map<string, Mark>()
  const unseen = new Set<string>()
  const readsAtIntent = new Map<string, number>()
  const isProved = new Map<string, boolean>()
  /** Steps whose registry could not be read when they were planned: their own first read is what they start from. */
  const unplanned = new Set<string>()
  let moveCount = 0

  world.seen.onRead = (registry, isFresh) => {
    if (!isFresh) return
    unseen.delete(registry)
    for (const [key, mark] of marks) if (key.startsWith(`${registry} `)) mark.wasSeen = true
  }
  world.seen.onWrite = ({ registry, tag, was, value, isLate }) => {
    const mark = marks.get(`${registry} ${tag}`)
    // A request that is late, or on its way already, cannot be called back.
    if (mark?.value === was && mark.wasSeen && !isLate && value !== was) {
      violations.push(`${registry} ${tag}: ${was} of somebody else was overwritten with ${value}`)
    }
    marks.delete(`${registry} ${tag}`)
  }

  function acceptSeen(registry: string): void {
    for (const [key, mark] of marks) if (mark.wasSeen && key.startsWith(registry)) marks.delete(key)
  }

  function onStep(event: Extract<Stamped, { step: string }>): void {
    const registry = event.step.split('@')[1] ?? ''
    const { readCount } = world.registry(registry)
    if (event.type === 'step.intent') {
      if (unplanned.delete(event.step)) acceptSeen(registry)
      readsAtIntent.set(event.step, readCount)
      isProved.set(event.step, false)
    } else if (event.type === 'step.verified') {
      const reads = readCount - (readsAtIntent.get(event.step) ?? 0)
      if (reads < READS_REQUIRED) violations.push(`${event.step} was proved by ${reads} reads`)
      isProved.set(event.step, true)
    } else if (event.type === 'step.finished' && (event.status === 'done' || event.status === 'undone')) {
      if (isProved.get(event.step) !== true) violations.push(`${event.step} is ${event.status} without a read-back`)
    }
  }

  return {
    violations,
    move({ registry, tag, value }) {
      moveCount += 1
      const moved = value === 'theirs' ? `theirs-${moveCount}` : value
      world.registry(registry).tags[tag] = moved
      unseen.add(registry)
      if (value === 'theirs') marks.set(`${registry} ${tag}`, { value: moved, wasSeen: false })
      else marks.delete(`${registry} ${tag}`)
    },
    acceptSeen: () => acceptSeen(''),
    isUnseen: (registry) => unseen.has(registry),
    onRecord(event) {
      if ('step' in event) return onStep(event)
      if (event.type !== 'run.started') return
      for (const step of event.plan.steps) if (step.deferred !== '') unplanned.add(step.id)
    },
  }
}
