import { z } from 'zod'
import { perSlot, SLOTS, type PerSlot, type TrafficSplit } from '../../domain/traffic/traffic.ts'
import { spreadWeights } from '../spread-weights.ts'

const WEIGHTED = 'weighted_round_robin'
/** Under these every entry of the list gets an equal part. Without a policy Caddy takes one at random. */
const EVEN: ReadonlySet<string> = new Set(['random', 'round_robin'])
/** A list with more entries tells no more percentages apart. */
const MAX_ENTRIES = 100

const handler = z.looseObject({
  handler: z.literal('reverse_proxy'),
  upstreams: z.array(z.looseObject({ dial: z.string() })),
  load_balancing: z
    .looseObject({
      selection_policy: z.looseObject({ policy: z.string(), weights: z.array(z.int().min(0)).optional() }).optional(),
    })
    .optional(),
})

type Servers = PerSlot<readonly string[]>

/** The handler as far as a split goes: a list in which a server may stand several times, or weights beside a list. */
export interface CaddyHandler {
  readonly weights: PerSlot<number>
  readonly policy: string
  readonly dials: readonly string[]
}

/** A part of the handler and what to write there. */
interface CaddyPatch {
  readonly path: string
  readonly value: z.core.util.JSONType
}

/** What is wrong with a handler, as it continues "the handler …". */
export interface CaddyProblem {
  readonly problem: string
}

/** Pure. */
export function readHandler(value: unknown, servers: Servers): CaddyHandler | CaddyProblem {
  const parsed = handler.safeParse(value)
  if (!parsed.success) return { problem: 'is no reverse_proxy with a list of upstreams' }
  const { upstreams, load_balancing: balancing } = parsed.data
  const { policy = 'random', weights = [] } = balancing?.selection_policy ?? {}
  const dials = upstreams.map(({ dial }) => dial)
  const stranger = dials.find((dial) => !SLOTS.some((slot) => servers[slot].includes(dial)))
  if (stranger !== undefined) return { problem: `sends requests to ${stranger}, which belongs to no slot` }
  if (policy !== WEIGHTED) {
    const extra = upstreams.find((upstream) => Object.keys(upstream).length > 1)
    // It would be gone with the last entry of its server, and could not be restored.
    if (extra) return { problem: `has settings of its own for ${extra.dial}: they do not outlive a share of 0` }
  }
  const weightAt = (index: number): number => (policy === WEIGHTED ? (weights[index] ?? 0) : 1)
  const sum = perSlot((slot) =>
    dials.reduce((total, dial, index) => total + (servers[slot].includes(dial) ? weightAt(index) : 0), 0),
  )
  return { weights: sum, policy, dials }
}

/** What has to be written for a split. Pure. */
export function patchFor(
  split: TrafficSplit,
  { policy, dials }: CaddyHandler,
  servers: Servers,
): CaddyPatch | CaddyProblem {
  const weights = spreadWeights(
    split,
    perSlot((slot) => servers[slot].map(() => 1)),
    MAX_ENTRIES,
  )
  const weightOf = new Map(
    SLOTS.flatMap((slot) => servers[slot].map((dial, index) => [dial, weights[slot][index] ?? 0])),
  )
  if (policy === WEIGHTED) {
    const isWhole = new Set(dials).size === dials.length && dials.length === weightOf.size
    if (!isWhole) return { problem: 'needs every server in its upstreams, once' }
    return {
      path: 'load_balancing/selection_policy',
      value: { policy: WEIGHTED, weights: dials.map((dial) => weightOf.get(dial) ?? 0) },
    }
  }
  if (split.blue > 0 && split.green > 0 && !EVEN.has(policy))
    return { problem: `chooses by ${policy}, which knows no shares` }
  return { path: 'upstreams', value: interleave(weightOf).map((dial) => ({ dial })) }
}

/** Each server as often as its weight says, evenly spread over the list, in the smallest list that can say it. */
function interleave(weightOf: ReadonlyMap<string, number>): readonly string[] {
  const divisor = [...weightOf.values()].reduce(greatestDivisor, 0)
  return [...weightOf]
    .flatMap(([dial, weight]) => {
      const count = weight / divisor
      return Array.from({ length: count }, (_, index) => ({ dial, at: (index + 0.5) / count }))
    })
    .sort((a, b) => a.at - b.at)
    .map(({ dial }) => dial)
}

function greatestDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestDivisor(b, a % b)
}
