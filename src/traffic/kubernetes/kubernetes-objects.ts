import { z } from 'zod'
import { perSlot, SLOTS, type PerSlot, type TrafficSplit } from '../../domain/traffic/traffic.ts'
import type { SlotState } from '../provider.ts'

const metadata = z.looseObject({
  uid: z.string(),
  resourceVersion: z.string(),
  generation: z.int().optional(),
})
const condition = z.looseObject({
  type: z.string(),
  status: z.string(),
  reason: z.string().default(''),
  observedGeneration: z.int().optional(),
})
const backendRef = z.looseObject({ name: z.string(), weight: z.int().min(0).optional() })

export const httpRoute = z.looseObject({
  metadata,
  spec: z.looseObject({ rules: z.array(z.looseObject({ backendRefs: z.array(backendRef).optional() })).default([]) }),
  status: z
    .looseObject({ parents: z.array(z.looseObject({ conditions: z.array(condition).default([]) })).default([]) })
    .optional(),
})
export type HttpRoute = z.infer<typeof httpRoute>

export const service = z.looseObject({
  metadata,
  spec: z.looseObject({ selector: z.record(z.string(), z.string()).default({}) }),
})
export type Service = z.infer<typeof service>

export const endpointSlices = z.looseObject({
  items: z.array(
    z.looseObject({
      metadata: z.looseObject({ labels: z.record(z.string(), z.string()).default({}) }),
      endpoints: z
        .array(
          z.looseObject({
            conditions: z.looseObject({ ready: z.boolean().optional() }).default({}),
            targetRef: z.looseObject({ name: z.string() }).optional(),
          }),
        )
        .nullish()
        .transform((list) => list ?? []),
    }),
  ),
})
export type EndpointSlices = z.infer<typeof endpointSlices>

export const pods = z.looseObject({
  items: z.array(
    z.looseObject({
      metadata: z.looseObject({ name: z.string(), labels: z.record(z.string(), z.string()).default({}) }),
      status: z.looseObject({ conditions: z.array(condition).default([]) }).default({ conditions: [] }),
    }),
  ),
})
export type Pods = z.infer<typeof pods>

/** The label by which an EndpointSlice belongs to a service. */
export const SERVICE_LABEL = 'kubernetes.io/service-name'

/** Of a backendRef that names none. */
const DEFAULT_WEIGHT = 1

/** The weights of a rule, or why it has none for us. Pure. */
export function routeWeights(
  { spec }: HttpRoute,
  rule: number,
  servers: PerSlot<string>,
): PerSlot<number> | { readonly problem: string } {
  const refs = spec.rules[rule]?.backendRefs ?? []
  const missing = SLOTS.find((slot) => !refs.some(({ name }) => name === servers[slot]))
  if (missing !== undefined) return { problem: `has no backendRef ${servers[missing]} in rule ${rule}` }
  const stranger = refs.find(
    ({ name, weight = DEFAULT_WEIGHT }) => weight > 0 && !SLOTS.some((slot) => servers[slot] === name),
  )
  if (stranger) return { problem: `sends requests to ${stranger.name} in rule ${rule}, which belongs to no slot` }
  return perSlot((slot) =>
    refs.reduce((sum, { name, weight = DEFAULT_WEIGHT }) => sum + (name === servers[slot] ? weight : 0), 0),
  )
}

/** All rules, as a merge patch needs them: it replaces whole lists. Nothing but the weights of both slots differs. Pure. */
export function withWeights(
  { spec }: HttpRoute,
  rule: number,
  servers: PerSlot<string>,
  split: TrafficSplit,
): HttpRoute['spec']['rules'] {
  return spec.rules.map((one, index) => (index === rule ? { ...one, backendRefs: weigh(one.backendRefs ?? []) } : one))

  function weigh(refs: readonly z.infer<typeof backendRef>[]): z.infer<typeof backendRef>[] {
    return refs.map((ref) => {
      const slot = SLOTS.find((each) => servers[each] === ref.name)
      return slot === undefined ? ref : { ...ref, weight: split[slot] }
    })
  }
}

/** What the gateways say of the route as it stands; empty when each of them has taken it up. Pure. */
export function routeProblems({ metadata: { generation = 0 }, status }: HttpRoute): readonly string[] {
  const parents = status?.parents ?? []
  if (parents.length === 0) return ['No gateway has taken the route up.']
  const conditions = parents.flatMap((parent) => parent.conditions)
  const late = conditions.some(({ observedGeneration = generation }) => observedGeneration < generation)
  const refused = conditions.filter(
    ({ type, status: state }) => (type === 'Accepted' || type === 'ResolvedRefs') && state !== 'True',
  )
  return [
    ...(late ? ['A gateway still works by an older route.'] : []),
    ...refused.map(({ type, reason }) => `A gateway says of the route: ${type} is not true (${reason}).`),
  ]
}

/** `up` with at least one endpoint that is ready. Pure. */
export function serviceState({ items }: EndpointSlices, name: string): SlotState {
  const slices = items.filter(({ metadata: { labels } }) => labels[SERVICE_LABEL] === name)
  return slices.some(({ endpoints }) => endpoints.some(({ conditions }) => conditions.ready !== false)) ? 'up' : 'down'
}

export function isReady({ status }: Pods['items'][number]): boolean {
  return status.conditions.some(({ type, status: state }) => type === 'Ready' && state === 'True')
}
