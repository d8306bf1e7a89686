import { z } from 'zod'
import type { PerSlot } from '../../domain/traffic/traffic.ts'
import { defineProvider } from '../define-provider.ts'
import { kubectlOptions, objectName } from './kubectl.ts'
import type { HttpRoute, Service } from './kubernetes-objects.ts'
import { observeRoute, weighRoute } from './kubernetes-route.ts'
import { observeService, selectSlot } from './kubernetes-service.ts'
import { slotNames } from '../slot-members.ts'

const options = z
  .strictObject({
    ...kubectlOptions,
    /** An HTTPRoute of the Gateway API, whose backendRefs are weighed … */
    httproute: objectName.optional(),
    /** … in this one of its rules, … */
    rule: z.int().min(0).default(0),
    /** … or a Service, whose selector names one slot. */
    service: objectName.optional(),
    /** The label that distinguishes the slots in the selector of the Service. */
    selector: z
      .string()
      .regex(/^(?:[a-z0-9.-]+\/)?[A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?$/u, 'is no label')
      .default('slot'),
    /** The Services behind the route; for a selector the values of the label. */
    servers: slotNames(z.string().regex(/^[A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?$/u, 'is no name of Kubernetes')),
  })
  .refine(({ httproute, service }) => (httproute === undefined) !== (service === undefined), {
    message: 'give it exactly one of httproute and service',
  })
type KubernetesOptions = z.infer<typeof options>

type Seen =
  | { readonly kind: 'route'; readonly object: HttpRoute }
  | { readonly kind: 'service'; readonly object: Service }

/** Through kubectl, which knows every way to log in to a cluster. Every patch carries the resourceVersion that was seen. */
export const kubernetes = defineProvider<KubernetesOptions, Seen>({
  kind: 'kubernetes',
  title: 'Kubernetes',
  options,
  capabilities: ({ httproute }) => ({
    weighted: httproute !== undefined,
    granularity: httproute === undefined ? 100 : 1,
    splitsBy: 'requests',
    drainMs: null,
    hasConditionalWrite: true,
    isAtomic: true,
    countsRequests: false,
  }),

  programs: ({ kubectl }) => [kubectl],

  async observe(context) {
    const { options: chosen } = context
    if (chosen.httproute !== undefined) {
      const look = await observeRoute(context, routePlan(chosen, chosen.httproute))
      return { ...look, seen: { kind: 'route', object: look.seen } }
    }
    const look = await observeService(context, servicePlan(chosen))
    return { ...look, seen: { kind: 'service', object: look.seen } }
  },

  async apply(split, { seen }, context) {
    const { options: chosen } = context
    if (seen.kind === 'service') return selectSlot(context, servicePlan(chosen), seen.object, split)
    return weighRoute(context, routePlan(chosen, chosen.httproute ?? ''), seen.object, split)
  },
})

interface Plan {
  readonly name: string
  readonly servers: PerSlot<string>
}

function routePlan({ rule, servers }: KubernetesOptions, name: string): Plan & { readonly rule: number } {
  return { name, rule, servers }
}

function servicePlan({ service = '', selector, servers }: KubernetesOptions): Plan & { readonly label: string } {
  return { name: service, label: selector, servers }
}
