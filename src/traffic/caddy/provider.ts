import { z } from 'zod'
import { sanitize } from '../../domain/text/sanitize.ts'
import { BagboyError } from '../../errors/bagboy-error.ts'
import { secretReference } from '../../platform/secret.ts'
import { defineProvider } from '../define-provider.ts'
import type { TrafficContext } from '../provider.ts'
import { patchFor, readHandler, type CaddyHandler, type CaddyProblem } from './caddy-handler.ts'
import { callApi, type ApiCall } from '../provider-answer.ts'
import { slotMembers } from '../slot-members.ts'

/** Caddy takes any text for an address and then has nowhere to send requests. */
const dial = z
  .string()
  .regex(/^(?:\[[0-9a-fA-F:]+\]|[A-Za-z0-9][\w.-]*):\d{1,5}$/u, 'write host:port')
  .refine((text) => Number(text.slice(text.lastIndexOf(':') + 1)) <= 65_535, 'there is no such port')

const options = z.strictObject({
  /** The admin API. */
  admin: z.url({ protocol: /^https?$/u }).default('http://127.0.0.1:2019'),
  /** The `@id` of the reverse_proxy handler. */
  id: z.string().regex(/^[\w.-]+$/u, 'is no @id'),
  servers: slotMembers(dial),
  credentials: secretReference.optional(),
})
type CaddyOptions = z.infer<typeof options>
type Context = TrafficContext<CaddyOptions>

interface Seen {
  readonly handler: CaddyHandler
  readonly etag: string
}

/**
 * The upstreams of a handler through the admin API, each as often in the list as its share says; or its weights, where
 * the handler has any. Measured: the ETag comes behind the body, a stale If-Match is answered 412, and an upstream that
 * cannot be reached or an empty list is accepted, so both are kept out here.
 */
export const caddy = defineProvider<CaddyOptions, Seen>({
  kind: 'caddy',
  title: 'Caddy',
  options,
  capabilities: () => ({
    weighted: true,
    granularity: 1,
    splitsBy: 'requests',
    drainMs: 20,
    hasConditionalWrite: true,
    isAtomic: true,
    countsRequests: false,
  }),

  async observe(context) {
    const { servers, id } = context.options
    const { body, trailers } = await callApi(context, callFor(context, { method: 'GET', doing: `reading ${id}` }))
    const handler = whole(readHandler(body, servers), id)
    const etag = trailers['etag']
    if (etag === undefined) throw withoutEtag()
    return {
      weights: handler.weights,
      revision: etag,
      evidence: { id, policy: handler.policy, upstreams: handler.dials, etag },
      seen: { handler, etag },
    }
  },

  async apply(split, { seen: { handler, etag } }, context) {
    const { id, servers } = context.options
    const patch = patchFor(split, handler, servers)
    if ('problem' in patch) throw refused(patch, id)
    const call = callFor(context, { method: 'PATCH', doing: `writing ${patch.path} of ${id}` }, patch.path)
    const headers = { 'content-type': 'application/json', 'if-match': etag }
    await callApi(context, { ...call, headers, body: JSON.stringify(patch.value) })
  },
})

function callFor({ options: { admin, id } }: Context, call: Pick<ApiCall, 'method' | 'doing'>, path = ''): ApiCall {
  const url = `${admin.replace(/\/$/u, '')}/id/${id}${path === '' ? '' : `/${path}`}`
  return {
    ...call,
    url,
    title: 'Caddy',
    missing: `Give the reverse_proxy handler "@id": "${id}" in the configuration.`,
  }
}

function whole(handler: CaddyHandler | CaddyProblem, id: string): CaddyHandler {
  if (!('problem' in handler)) return handler
  throw new BagboyError('CONFIG_INVALID', `Caddy: the handler ${id} ${sanitize(handler.problem, 300)}`, {
    hint: 'Correct id and servers under blue_green.traffic, or the handler itself; docs/traffic.md shows one.',
  })
}

function refused({ problem }: CaddyProblem, id: string): BagboyError {
  return new BagboyError('REGISTRY_REJECTED', `Caddy: the handler ${id} ${sanitize(problem, 300)}`, {
    hint: 'Set its selection_policy to round_robin, random or weighted_round_robin.',
  })
}

function withoutEtag(): BagboyError {
  return new BagboyError('REGISTRY_BROKEN', 'Caddy sent no ETag behind its answer', {
    hint: 'Ask the admin API itself: a proxy in front of it drops trailers.',
  })
}
