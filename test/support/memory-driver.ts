import { z } from 'zod'
import type { Json } from '../../src/domain/json.ts'
import type { Action } from '../../src/domain/plan.ts'
import { BagboyError } from '../../src/errors/bagboy-error.ts'
import type { ErrorCode } from '../../src/errors/codes.ts'
import { defineDriver, type AnyDriver, type Subject } from '../../src/registries/driver.ts'

/** A registry held in this process: two pointers a step must move together, and the faults a test asks for. */
export interface MemoryRegistry {
  readonly tags: { latest: string; stable: string }
  readonly writes: string[]
  readonly writeKeys: string[]
  readCount: number
  isDown: boolean
  isDenied: boolean
  hasTarget: boolean
  /** How many reads after a write still show the old value. */
  staleReads: number
  /** What the next writes do instead of answering well. */
  readonly faults: ('lost-answer' | 'not-applied' | 'forbidden')[]
}

export interface MemoryWorld {
  readonly driver: AnyDriver
  registry(name: string): MemoryRegistry
  readonly beforeWrite: { hook: (registry: string, tag: string) => void | Promise<void> }
}

const TAGS = ['latest', 'stable'] as const

export function createMemoryWorld(live: string): MemoryWorld {
  const registries = new Map<string, MemoryRegistry>()
  const stale = new Map<string, { tags: Record<string, string>; left: number }>()
  const beforeWrite: MemoryWorld['beforeWrite'] = { hook: () => undefined }

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
      staleReads: 0,
      faults: [],
    }
    registries.set(name, made)
    return made
  }

  function refuse(code: ErrorCode, name: string): never {
    throw new BagboyError(code, `${name} answered ${code}`)
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
      const old = stale.get(name)
      const tags = old && old.left > 0 ? old.tags : it.tags
      if (old) old.left -= 1
      return {
        pointer: { tags: { ...tags } } as Json,
        revision: null,
        serving: it.tags.latest,
        target: it.hasTarget
          ? { status: 'present' as const }
          : { status: 'missing' as const, detail: 'the artifact is gone', remedy: 'Publish it again.' },
        access: it.isDenied ? ('denied' as const) : ('write' as const),
        preview: { before: '', after: '' },
      }
    },
    capture: ({ version }) => Promise.resolve({ version }),
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
    operations: {
      async point(input, { subject, key }) {
        const name = subject.package.registry
        const tag = input['tag'] === 'stable' ? 'stable' : 'latest'
        await beforeWrite.hook(name, tag)
        const it = registry(name)
        if (it.isDown) refuse('REGISTRY_UNREACHABLE', name)
        const fault = it.faults.shift()
        if (fault === 'forbidden') refuse('REGISTRY_FORBIDDEN', name)
        if (fault === 'not-applied') refuse('REGISTRY_UNREACHABLE', name)
        stale.set(name, { tags: { ...it.tags }, left: it.staleReads })
        it.tags[tag] = typeof input['value'] === 'string' ? input['value'] : ''
        it.writes.push(`${tag}=${it.tags[tag]}`)
        it.writeKeys.push(key)
        if (fault === 'lost-answer') refuse('REGISTRY_UNREACHABLE', name)
      },
    },
  })
  return { driver, registry, beforeWrite }
}

function point(tag: string, value: string): Action {
  return { kind: 'custom', title: `point ${tag} at ${value}`, operation: 'point', input: { tag, value } }
}
