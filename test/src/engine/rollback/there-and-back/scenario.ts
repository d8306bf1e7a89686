import fc from 'fast-check'
import type { WriteFault } from '../../../../support/registries/memory-driver.ts'

export const PACKAGES = ['one/hello', 'one/extra', 'two/hello', 'three/hello'] as const
/** The newest one is live. */
export const VERSIONS = ['v1.1.0', 'v1.2.0', 'v1.3.0'] as const

const mask = fc.integer({ min: 1, max: 2 ** PACKAGES.length - 1 })
const fault = fc.constantFrom<WriteFault>('lost-answer', 'not-applied', 'forbidden')
const index = fc.nat({ max: 7 })
/** Counted from the newest. */
const recent = fc.constantFrom(0, 0, 0, 1, 2)
/** A fault of the next write to a package, or none. */
const faults = fc.array(fc.option(fault, { freq: 2 }), { maxLength: PACKAGES.length })

const act = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constant('rollback'), target: index, only: fc.option(mask, { freq: 2 }), faults }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('undo'), run: recent, faults }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('resume'), faults }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('skip'), step: index }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('hand-over') }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('by-hand') }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('drift'), packages: mask, version: index }) },
)

/** A history, what of it is moved by a person, what is done to it, and what goes wrong. */
export const scenario = fc.record({
  /** Which packages each version has; the file leaves the name of the app away in some. */
  releases: fc.array(fc.record({ packages: mask, isNameless: fc.boolean() }), {
    minLength: VERSIONS.length,
    maxLength: VERSIONS.length,
  }),
  isThreeManual: fc.boolean(),
  onPartialFailure: fc.constantFrom('pause', 'continue', 'undo'),
  acts: fc.array(act, { minLength: 2, maxLength: 8 }),
})

type Of<Arbitrary> = Arbitrary extends fc.Arbitrary<infer Value> ? Value : never
export type Act = Of<typeof act>
export type Scenario = Of<typeof scenario>

export const chosen = (bits: number): readonly (typeof PACKAGES)[number][] =>
  PACKAGES.filter((_, at) => (bits & (1 << at)) !== 0)
