import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { Json, JsonObject } from '../../../src/domain/text/json.ts'
import type { Action } from '../../../src/domain/plan.ts'
import { BagboyError } from '../../../src/errors/bagboy-error.ts'
import type { ErrorCode } from '../../../src/errors/codes.ts'
import { defineDriver, type AnyDriver, type Subject } from '../../../src/registries/driver.ts'

/** What may happen to a request on its way. Ratios from 0 to 1. */
export interface Network {
  /** Applied without an answer. */
  readonly lostAnswers: number
  /** 503; not applied. */
  readonly unavailable: number
  /** Up to so many reads after a write still show what was there before it. */
  readonly staleReads: number
}

export const GOOD_NETWORK: Network = { lostAnswers: 0, unavailable: 0, staleReads: 0 }

export interface LoggedWrite {
  readonly tag: Tag
  readonly value: string
  /** The idempotency key it came with. */
  readonly key: string
}

/** Registries that outlive the processes which write to them: each is a file of what was written and read. */
export interface LogWorld {
  readonly driver: AnyDriver
  tags(registry: string): Readonly<Record<Tag, string>>
  writes(registry: string): readonly LoggedWrite[]
}

interface WorldOptions {
  readonly folder: string
  readonly live: string
  readonly network: Network
  readonly random: () => number
  /** This registry answers 403 to every request that moves a pointer away from where it is at first. */
  readonly refusing?: string
}

const TAGS = ['latest', 'stable'] as const
type Tag = (typeof TAGS)[number]
type State = Record<Tag, string>

interface Log {
  readonly writes: readonly LoggedWrite[]
  /** Since the last write. */
  readonly readCount: number
}

export function createLogWorld({ folder, live, network, random, refusing }: WorldOptions): LogWorld {
  mkdirSync(folder, { recursive: true })
  const pathOf = (registry: string) => join(folder, registry)
  const read = (registry: string): Log =>
    parseLog(existsSync(pathOf(registry)) ? readFileSync(pathOf(registry), 'utf8') : '')
  const initial: State = { latest: live, stable: live }

  function look(registry: string): State {
    const { writes, readCount } = read(registry)
    appendFileSync(pathOf(registry), 'read\n')
    const hiddenFor = staleReadsOf(writes.length, network.staleReads)
    return stateAfter(initial, readCount < hiddenFor ? writes.slice(0, -1) : writes)
  }

  function refuse(code: ErrorCode, registry: string): never {
    throw new BagboyError(code, `${registry} answered ${code}`)
  }

  const driver = defineDriver({
    format: 'memory',
    title: 'Log',
    options: z.looseObject({}),
    group: 2,
    effect: { newInstalls: 'yes', existingUsers: 'no', timeToEffect: 'at once' },
    async inspect({ package: { registry } }: Subject) {
      if (random() < network.unavailable) refuse('REGISTRY_BROKEN', registry)
      const tags = look(registry)
      return {
        pointer: { tags: { ...tags } },
        revision: null,
        serving: tags.latest,
        target: { status: 'present' as const },
        access: 'write' as const,
        preview: { before: '', after: '' },
      }
    },
    capture: ({ version }) => Promise.resolve({ version }),
    plan({ subject, snapshot }) {
      const to = subject.to.version
      const { tags } = snapshot.pointer as { tags: Record<string, string> }
      const moves = TAGS.filter((tag) => tags[tag] !== to)
      if (moves.length === 0) return undefined
      return {
        title: `Point ${subject.package.registry} at ${to}`,
        actions: moves.map((tag) => point(tag, to)),
        want: { tags: { latest: to, stable: to } },
        undo: moves.map((tag) => point(tag, tags[tag] ?? '')),
        reversibility: 'reversible' as const,
        manual: moves.map((tag) => `point ${tag} ${to}`),
      }
    },
    outOfScope(action, { wants }) {
      const { tag, value } = action.kind === 'custom' ? action.input : {}
      const { tags } = wants as { tags: Record<string, Json> }
      return typeof tag === 'string' && tags[tag] === value ? undefined : 'points a tag where no step leads'
    },
    operations: {
      async point(input, { subject, key }) {
        const { registry } = subject.package
        if (registry === refusing && textIn(input, 'value') !== live) refuse('REGISTRY_FORBIDDEN', registry)
        if (random() < network.unavailable) refuse('REGISTRY_BROKEN', registry)
        // One write of one line: it is in the file regardless of how this process ends.
        appendFileSync(pathOf(registry), `write ${textIn(input, 'tag')} ${textIn(input, 'value')} ${key}\n`)
        if (random() < network.lostAnswers) refuse('REGISTRY_UNREACHABLE', registry)
      },
    },
  })

  return {
    driver,
    tags: (registry) => stateAfter(initial, read(registry).writes),
    writes: (registry) => read(registry).writes,
  }
}

function textIn(input: JsonObject, name: string): string {
  const value = input[name]
  return typeof value === 'string' ? value : ''
}

function parseLog(text: string): Log {
  const writes: LoggedWrite[] = []
  let readCount = 0
  for (const line of text.split('\n').slice(0, -1)) {
    const [kind, tag, value = '', key = ''] = line.split(' ')
    if (kind === 'write') writes.push({ tag: tag === 'stable' ? 'stable' : 'latest', value, key })
    readCount = kind === 'write' ? 0 : readCount + 1
  }
  return { writes, readCount }
}

function stateAfter(initial: State, writes: readonly LoggedWrite[]): State {
  const state = { ...initial }
  for (const { tag, value } of writes) state[tag] = value
  return state
}

/** Differs from write to write, and is the same for every process that looks. */
function staleReadsOf(writeCount: number, limit: number): number {
  return limit === 0 || writeCount === 0 ? 0 : (writeCount * 7) % (limit + 1)
}

function point(tag: Tag, value: string): Action {
  return { kind: 'custom', title: `point ${tag} at ${value}`, operation: 'point', input: { tag, value } }
}
