import fc from 'fast-check'
import type { ErrorCode } from '../../../src/errors/codes.ts'
import type { WriteFault } from '../../support/registries/memory-driver.ts'
import type { Death } from './mortal-process.ts'

/** Virtual milliseconds one request may take. */
export const REQUEST_TIMEOUT_MS = 1000
export const REGISTRIES = ['one', 'two', 'three'] as const

export interface RegistryFaults {
  readonly writes: readonly WriteFault[]
  readonly reads: readonly ErrorCode[]
  readonly staleReads: number
  readonly isDown: boolean
}

/** Somebody else moves a tag: to a value of theirs, or to one of the two versions. */
export interface ForeignMove {
  readonly registry: string
  readonly tag: 'latest' | 'stable'
  readonly value: 'theirs' | 'v1.3.0' | 'v1.2.0'
}

/** A command given to a fresh process, and what befalls it. */
export interface Command {
  readonly kind: 'run' | 'resume' | 'undo'
  readonly faults: readonly RegistryFaults[]
  readonly death: Death | null
  /** At the record with this number. */
  readonly pauseAt: number | null
  readonly abortAt: number | null
  /** At the operation with this number. */
  readonly move: (ForeignMove & { readonly atOperation: number }) | null
  readonly answer: 'continue' | 'undo' | 'stop'
}

export type Act =
  | Command
  | ({ readonly kind: 'move' } & ForeignMove)
  | { readonly kind: 'pass'; readonly ms: number }
  | { readonly kind: 'skip' | 'hand-over' }

export interface Scenario {
  readonly registryCount: number
  readonly parallelism: number
  readonly attempts: number
  readonly onPartialFailure: 'pause' | 'continue' | 'undo'
  readonly first: Command
  readonly acts: readonly Act[]
  /** How the run is brought to its end once everything is healed. */
  readonly ending: 'resume' | 'undo'
}

const late = fc.record({
  waitMs: fc.integer({ min: 1, max: REQUEST_TIMEOUT_MS }),
  lateMs: fc.integer({ min: 1, max: REQUEST_TIMEOUT_MS - 1 }),
})
const writeFault: fc.Arbitrary<WriteFault> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom<WriteFault>('lost-answer', 'not-applied') },
  { weight: 1, arbitrary: fc.constantFrom<WriteFault>('forbidden', 'limited') },
  { weight: 2, arbitrary: late },
)
const readFault = fc.constantFrom<ErrorCode>('REGISTRY_UNREACHABLE', 'REGISTRY_BROKEN', 'REGISTRY_UNAUTHORIZED')

const faults: fc.Arbitrary<RegistryFaults> = fc.record({
  writes: fc.array(writeFault, { maxLength: 4 }),
  reads: fc.oneof(
    { weight: 2, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.array(readFault, { maxLength: 8 }) },
  ),
  staleReads: fc.oneof(
    { weight: 2, arbitrary: fc.constant(0) },
    { weight: 1, arbitrary: fc.integer({ min: 1, max: 20 }) },
  ),
  isDown: fc.oneof({ weight: 7, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
})

const move: fc.Arbitrary<ForeignMove> = fc.record({
  registry: fc.constantFrom(...REGISTRIES),
  tag: fc.constantFrom('latest', 'stable'),
  value: fc.constantFrom('theirs', 'theirs', 'v1.3.0', 'v1.2.0'),
})

function command(kind: Command['kind']): fc.Arbitrary<Command> {
  const seldom = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null, freq: 2 })
  return fc.record({
    kind: fc.constant(kind),
    faults: fc.array(faults, { minLength: REGISTRIES.length, maxLength: REGISTRIES.length }),
    death: seldom(fc.record({ count: fc.integer({ min: 1, max: 250 }), moment: fc.constantFrom('before', 'after') })),
    pauseAt: seldom(fc.integer({ min: 1, max: 60 })),
    abortAt: fc.option(fc.integer({ min: 1, max: 80 }), { nil: null, freq: 1 }),
    move: seldom(fc.tuple(move, fc.integer({ min: 1, max: 250 })).map(([to, atOperation]) => ({ ...to, atOperation }))),
    answer: fc.constantFrom('continue', 'undo', 'stop'),
  })
}

const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 5, arbitrary: command('resume') },
  { weight: 3, arbitrary: command('undo') },
  { weight: 1, arbitrary: command('run') },
  { weight: 2, arbitrary: move.map((to): Act => ({ kind: 'move', ...to })) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('pass'), ms: fc.integer({ min: 0, max: 3 * REQUEST_TIMEOUT_MS }) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('skip', 'skip', 'hand-over') }) },
)

export const scenario: fc.Arbitrary<Scenario> = fc.record({
  registryCount: fc.integer({ min: 1, max: REGISTRIES.length }),
  parallelism: fc.integer({ min: 1, max: 4 }),
  attempts: fc.integer({ min: 1, max: 3 }),
  onPartialFailure: fc.constantFrom('pause', 'continue', 'undo'),
  first: command('run'),
  acts: fc.array(act, { maxLength: 5 }),
  ending: fc.constantFrom('resume', 'undo'),
})
