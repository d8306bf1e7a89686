import { sanitize } from '../../domain/text/sanitize.ts'
import { BagboyError } from '../../errors/bagboy-error.ts'
import { perSlot, type PerSlot, type TrafficSplit } from '../../domain/traffic/traffic.ts'
import type { Observation } from '../define-provider.ts'
import { digestOf } from '../digest.ts'
import {
  endpointSlices,
  httpRoute,
  routeProblems,
  routeWeights,
  SERVICE_LABEL,
  serviceState,
  withWeights,
  type HttpRoute,
} from './kubernetes-objects.ts'
import { kubectlJson } from './kubectl.ts'
import { parseObject, type KubernetesContext } from './kubernetes-context.ts'

const TYPE = 'httproutes.gateway.networking.k8s.io'

interface RoutePlan {
  readonly name: string
  readonly rule: number
  readonly servers: PerSlot<string>
}

/** The weights of the backendRefs of one rule; in force when every gateway has observed this generation. */
export async function observeRoute(context: KubernetesContext, plan: RoutePlan): Promise<Observation<HttpRoute>> {
  const { name, rule, servers } = plan
  const selector = `--selector=${SERVICE_LABEL} in (${servers.blue},${servers.green})`
  const [found, slices] = await Promise.all([
    kubectlJson(context, { args: ['get', TYPE, name], doing: `reading HTTPRoute ${name}` }),
    kubectlJson(context, {
      args: ['get', 'endpointslices.discovery.k8s.io', selector],
      doing: 'reading the endpoints of both slots',
    }),
  ])
  const route = parseObject(httpRoute, found, name)
  const endpoints = parseObject(endpointSlices, slices, 'the endpoints')
  const weights = routeWeights(route, rule, servers)
  if ('problem' in weights) {
    throw new BagboyError('CONFIG_INVALID', `Kubernetes: HTTPRoute ${name} ${sanitize(weights.problem, 300)}`, {
      hint: 'Correct rule and servers under blue_green.traffic, or the route itself.',
    })
  }
  const problems = routeProblems(route)
  const { uid, generation = 0, resourceVersion } = route.metadata
  return {
    weights,
    states: perSlot((slot) => serviceState(endpoints, servers[slot])),
    isApplied: problems.length === 0,
    // Not the resourceVersion: gateways write their status into the same object.
    revision: digestOf([uid, generation, { ...weights }]),
    warnings: problems.map((problem) => sanitize(problem, 300)),
    evidence: { httproute: name, rule, generation, resourceVersion, weights: { ...weights } },
    seen: route,
  }
}

/** Refused by the cluster when anything in the object changed since it was seen. */
export async function weighRoute(
  context: KubernetesContext,
  plan: RoutePlan,
  route: HttpRoute,
  split: TrafficSplit,
): Promise<void> {
  const { name, rule, servers } = plan
  const patch = {
    metadata: { resourceVersion: route.metadata.resourceVersion },
    spec: { rules: withWeights(route, rule, servers, split) },
  }
  await kubectlJson(context, {
    args: ['patch', TYPE, name, '--type=merge', `--patch=${JSON.stringify(patch)}`],
    doing: `writing HTTPRoute ${name}`,
    isWrite: true,
  })
}
