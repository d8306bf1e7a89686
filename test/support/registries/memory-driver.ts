import { z } from 'zod'
import type { Json } from '../../../src/domain/text/json.ts'
import type { Action } from '../../../src/domain/plan.ts'
import { BagboyError } from '../../../src/errors/bagboy-error.ts'
import type { ErrorCode } from '../../../src/errors/codes.ts'
import type { Clock } from '../../../src/platform/platform.ts'
import { createNodeClock } from '../../../src/platform/node/clock.ts'
import { defineDriver, type AnyDriver, type Subject } from '../../../src/registries/driver.ts'

export interface MemoryTags {
  readonly latest: string
  readonly stable: string
}

/** A registry held in this process: two pointers a step must move together, and the faults a test asks for. */
export interface MemoryRegistry {
  readonly tags: { latest: string; stable: string }
  readonly writes: string[]
  readonly writeKeys: string[]
  readCount: number
  isDown: boolean
  isDenied: boolean
  hasTarget: boolean
  /** A part of the target that is of no use to all is not there. */
  lacksPart: boolean
  /** A part of the target that is not needed to use it is missing. */
  lacksProof: boolean
  /** What users get instead of where the tags lead; empty: where they lead. */
  notAppliedNote: string
  /** Nothing tells whether the target is what was recorded. */
  isUncompared: boolean
  /** How many reads after a write still show the old value. */
  staleReads: number
  /** What a read answers instead of where the tags lead. */
  show: (tags: MemoryTags, readCount: number) => MemoryTags
  /** What the next writes do instead of answering well. */
  readonly faults: WriteFault[]
  /** What the next reads do instead. */
  readonly readFaults: ErrorCode[]
}

export type WriteFault =
  | 'lost-answer'
  | 'not-applied'
  | 'forbidden'
  | 'limited'
  /** Given up after `waitMs`, and applied `lateMs` after that. */
  | { readonly waitMs: number; readonly lateMs: number }

export interface MemoryWorld {
  readonly driver: AnyDriver
  registry(name: string): MemoryRegistry
  /** Takes back the changes of a test; its pointers stay. */
  heal(name: string): void
  readonly beforeWrite: { hook: (registry: string, tag: string) => void | Promise<void> }
  /** After each, in the order in which the registry saw them. */
  readonly seen: { onRead: (registry: string, isFresh: boolean) => void; onWrite: (write: MemoryWrite) => void }
}

export interface MemoryWrite {
  readonly registry: string
  readonly tag: 'latest' | 'stable'
  readonly was: string
  readonly value: string
  /** Of a request that had been given up. */
  readonly isLate: boolean
}

/** What a registry asks for that has had enough. */
export const RETRY_AFTER_MS = 7000

const LACKS = { detail: 'not there: linux/arm64', remedy: 'Push it, or insist with --override V09 --reason TEXT.' }

const UNCOMPARED = { detail: 'recorded with sha512', remedy: 'Insist with --override V02 --reason TEXT.' }

const TAGS = ['latest', 'stable'] as const

/** @param clock that late requests go by */
export function createMemoryWorld(live: string, clock: Pick<Clock, 'sleep'> = createNodeClock()): MemoryWorld {
  const registries = new Map<string, MemoryRegistry>()
  const stale = new Map<string, { tags: MemoryTags; left: number }>()
  const beforeWrite: MemoryWorld['beforeWrite'] = { hook: () => undefined }
  const seen: MemoryWorld['seen'] = { onRead: () => undefined, onWrite: () => undefined }

  function registry(name: string): MemoryRegistry {
    const found = registries.get(name)
    if (found) return found
    const made: MemoryRegistry = {
      tags: { latest: live, stable: live },
      writes: [],
      writeKeys: [],
      readCount: 0,
      isDown: false,
      isDenied: false,
      hasTarget: true,
      lacksPart: false,
      lacksProof: false,
      notAppliedNote: '',
      isUncompared: false,
      staleReads: 0,
      show: (tags) => tags,
      faults: [],
      readFaults: [],
    }
    registries.set(name, made)
    return made
  }

  function refuse(code: ErrorCode, name: string): never {
    const details = code === 'REGISTRY_RATE_LIMITED' ? { retryAfterMs: RETRY_AFTER_MS } : {}
    throw new BagboyError(code, `${name} answered ${code}`, { details })
  }

  function write({ registry: name, tag, value, isLate }: Omit<MemoryWrite, 'was'>, key: string): void {
    const it = registry(name)
    const was = it.tags[tag]
    // A late request that is not even seen when it has arrived could not be told by any read.
    stale.set(name, { tags: { ...it.tags }, left: isLate ? 0 : it.staleReads })
    it.tags[tag] = value
    it.writes.push(`${tag}=${value}`)
    it.writeKeys.push(key)
    seen.onWrite({ registry: name, tag, was, value, isLate })
  }

  const driver = defineDriver({
    format: 'memory',
    title: 'Memory',
    options: z.looseObject({}),
    group: 2,
    effect: { newInstalls: 'yes', existingUsers: 'no', timeToEffect: 'at once' },
    async inspect({ package: { registry: name } }: Subject) {
      const it = registry(name)
      it.readCount += 1
      if (it.isDown) refuse('REGISTRY_UNREACHABLE', name)
      const readFault = it.readFaults.shift()
      if (readFault) refuse(readFault, name)
      const old = stale.get(name)
      const isFresh = !old || old.left <= 0
      const tags = it.show(isFresh ? it.tags : old.tags, it.readCount)
      if (old) old.left -= 1
      const [pointer, serving]: [Json, string] = [{ tags: { ...tags } }, tags.latest]
      seen.onRead(name, isFresh)
      return {
        pointer,
        revision: null,
        serving,
        target: it.hasTarget
          ? {
              status: 'present' as const,
              ...(it.lacksPart || it.lacksProof ? { lacks: { ...LACKS, isUsable: !it.lacksPart } } : {}),
              ...(it.isUncompared ? { uncompared: UNCOMPARED } : {}),
            }
          : { status: 'missing' as const, detail: 'the artifact is gone', remedy: 'Publish it again.' },
        access: it.isDenied ? ('denied' as const) : ('write' as const),
        preview: { before: '', after: '' },
        ...(it.notAppliedNote === '' ? {} : { isApplied: false, notAppliedNote: it.notAppliedNote }),
      }
    },
    async capture({ package: { registry: name }, version }) {
      const fault = registry(name).readFaults.shift()
      if (fault) refuse(fault, name)
      return { version }
    },
    pointerOf: ({ pin }) => {
      const version = (pin as { version?: string } | null)?.version
      return version === undefined ? null : { tags: { latest: version, stable: version } }
    },
    plan({ subject, snapshot }) {
      const to = subject.to.version
      const tags = (snapshot.pointer as { tags: Record<string, string> }).tags
      const moves = TAGS.filter((tag) => tags[tag] !== to)
      if (moves.length === 0) return undefined
      return {
        title: `Point ${subject.package.registry} at ${to}`,
        actions: moves.map((tag) => point(tag, to)),
        want: { tags: { latest: to, stable: to } },
        undo: moves.map((tag) => point(tag, tags[tag] ?? '')),
        reversibility: 'reversible' as const,
        manual: moves.map((tag) => `memory point ${tag} ${to}`),
      }
    },
    outOfScope(action, { wants }) {
      const { tag, value } = action.kind === 'custom' ? action.input : {}
      const { tags } = wants as { tags: Record<string, Json> }
      return typeof tag === 'string' && tags[tag] === value ? undefined : 'points a tag where no step leads'
    },
    operations: {
      async point(input, { subject, key }) {
        const name = subject.package.registry
        const tag = input['tag'] === 'stable' ? 'stable' : 'latest'
        await beforeWrite.hook(name, tag)
        const it = registry(name)
        if (it.isDown) refuse('REGISTRY_UNREACHABLE', name)
        const fault = it.faults.shift()
        if (fault === 'forbidden') refuse('REGISTRY_FORBIDDEN', name)
        if (fault === 'limited') refuse('REGISTRY_RATE_LIMITED', name)
        if (fault === 'not-applied') refuse('REGISTRY_UNREACHABLE', name)
        const value = typeof input['value'] === 'string' ? input['value'] : ''
        if (typeof fault === 'object') {
          void clock.sleep(fault.waitMs + fault.lateMs, undefined, { isBackground: true }).then(() => {
            write({ registry: name, tag, value, isLate: true }, key)
          })
          await clock.sleep(fault.waitMs)
          refuse('REGISTRY_TIMEOUT', name)
        }
        write({ registry: name, tag, value, isLate: false }, key)
        if (fault === 'lost-answer') refuse('REGISTRY_UNREACHABLE', name)
      },
    },
  })
  function heal(name: string): void {
    const it = registry(name)
    it.faults.splice(0)
    it.readFaults.splice(0)
    Object.assign(it, {
      isDown: false,
      isDenied: false,
      hasTarget: true,
      lacksPart: false,
      lacksProof: false,
      notAppliedNote: '',
      isUncompared: false,
      staleReads: 0,
    })
    it.show = (tags) => tags
    stale.delete(name)
  }

  return { driver, registry, heal, beforeWrite, seen }
}

function point(tag: string, value: string): Action {
  return { kind: 'custom', title: `point ${tag} at ${value}`, operation: 'point', input: { tag, value } }
}
