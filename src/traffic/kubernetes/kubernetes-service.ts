import { sanitize } from '../../domain/text/sanitize.ts'
import { BagboyError } from '../../errors/bagboy-error.ts'
import { allTo, perSlot, SLOTS, type PerSlot, type Slot, type TrafficSplit } from '../../domain/traffic/traffic.ts'
import type { Observation } from '../define-provider.ts'
import { digestOf } from '../digest.ts'
import { endpointSlices, isReady, pods, service, SERVICE_LABEL, type Pods, type Service } from './kubernetes-objects.ts'
import { kubectlJson } from './kubectl.ts'
import { parseObject, type KubernetesContext } from './kubernetes-context.ts'

interface SelectorPlan {
  readonly name: string
  /** The label that distinguishes the slots. */
  readonly label: string
  /** Its values. */
  readonly servers: PerSlot<string>
}

/** All or nothing, by the label a Service selects; in force when its endpoints are pods of that slot only. */
export async function observeService(context: KubernetesContext, plan: SelectorPlan): Promise<Observation<Service>> {
  const { name, label, servers } = plan
  const found = parseObject(
    service,
    await kubectlJson(context, { args: ['get', 'services', name], doing: `reading Service ${name}` }),
    name,
  )
  const active = SLOTS.find((slot) => servers[slot] === found.spec.selector[label])
  if (active === undefined) throw strange(found, plan)
  const [all, targets] = await Promise.all([readPods(context, found, plan), readTargets(context, name)])
  const ready = perSlot((slot) => podsOf(all, plan, slot).filter(isReady))
  const own = new Set(podsOf(all, plan, active).map(({ metadata }) => metadata.name))
  const isApplied = targets.length > 0 && targets.every((target) => own.has(target))
  return {
    weights: allTo(active),
    states: perSlot((slot) => (ready[slot].length > 0 ? 'up' : 'down')),
    isApplied,
    revision: digestOf([found.metadata.uid, found.spec.selector]),
    warnings: isApplied ? [] : [`The endpoints of ${name} are not yet the pods of ${active} alone.`],
    evidence: {
      service: name,
      selector: found.spec.selector,
      endpoints: targets,
      resourceVersion: found.metadata.resourceVersion,
    },
    seen: found,
  }
}

/** Refused by the cluster when anything in the object changed since it was seen. */
export async function selectSlot(
  context: KubernetesContext,
  plan: SelectorPlan,
  seen: Service,
  split: TrafficSplit,
): Promise<void> {
  const slot: Slot = split.blue === 100 ? 'blue' : 'green'
  const patch = {
    metadata: { resourceVersion: seen.metadata.resourceVersion },
    spec: { selector: { [plan.label]: plan.servers[slot] } },
  }
  await kubectlJson(context, {
    args: ['patch', 'services', plan.name, '--type=merge', `--patch=${JSON.stringify(patch)}`],
    doing: `writing Service ${plan.name}`,
    isWrite: true,
  })
}

async function readPods(
  context: KubernetesContext,
  { spec }: Service,
  { label, servers }: SelectorPlan,
): Promise<Pods> {
  const rest = Object.entries(spec.selector).filter(([key]) => key !== label)
  const terms = [...rest.map(([key, value]) => `${key}=${value}`), `${label} in (${servers.blue},${servers.green})`]
  const args = ['get', 'pods', `--selector=${terms.join(',')}`]
  return parseObject(pods, await kubectlJson(context, { args, doing: 'reading the pods of both slots' }), 'the pods')
}

function podsOf({ items }: Pods, { label, servers }: SelectorPlan, slot: Slot): Pods['items'] {
  return items.filter(({ metadata }) => metadata.labels[label] === servers[slot])
}

/** The pods that get the requests of a service. */
async function readTargets(context: KubernetesContext, name: string): Promise<readonly string[]> {
  const args = ['get', 'endpointslices.discovery.k8s.io', `--selector=${SERVICE_LABEL}=${name}`]
  const slices = parseObject(
    endpointSlices,
    await kubectlJson(context, { args, doing: `reading the endpoints of ${name}` }),
    'the endpoints',
  )
  const endpoints = slices.items.flatMap((slice) => slice.endpoints)
  return endpoints.filter(({ conditions }) => conditions.ready !== false).map(({ targetRef }) => targetRef?.name ?? '')
}

function strange({ spec }: Service, { name, label, servers }: SelectorPlan): BagboyError {
  const value = spec.selector[label]
  return new BagboyError(
    'CONFIG_INVALID',
    `Kubernetes: Service ${name} selects ${value === undefined ? `no ${label}` : `${label}=${sanitize(value, 100)}`}, not ${servers.blue} or ${servers.green}`,
    { hint: 'Correct selector and servers under blue_green.traffic, or the selector of the Service.' },
  )
}
