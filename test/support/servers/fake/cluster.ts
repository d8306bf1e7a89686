import type { ProgramAnswer } from './program.ts'

interface Metadata {
  readonly name: string
  readonly uid: string
  resourceVersion: string
  generation?: number
}
interface Condition {
  readonly type: string
  readonly status: string
  observedGeneration: number
}
interface Route {
  readonly metadata: Metadata & { generation: number }
  spec: { rules: { backendRefs: { name: string; weight?: number }[] }[] }
  readonly status: { readonly parents: { readonly conditions: Condition[] }[] }
}
interface Service {
  readonly metadata: Metadata
  spec: { selector: Record<string, string> }
}

/** A cluster with a route and a Service that send everything to blue, and the kubectl that talks to it. */
export interface FakeCluster {
  readonly route: Route
  readonly service: Service
  /** Whether the pods of a slot are ready. */
  readonly ready: Record<string, boolean>
  /** The slot whose pods are the endpoints of the Service. */
  endpointSlot(): string
  /** Changes an object from outside, with another kubectl. */
  change(object: Route | Service, make: () => void): void
  answer(args: readonly string[]): ProgramAnswer
}

type Tree = { readonly [key: string]: unknown }

/**
 * Objects carry resourceVersion and generation as the API server keeps them; the gateway and the endpoints follow a change
 * when their object is read the next time, and the gateway writes its status into it. Errors are worded as kubectl does.
 */
export function createFakeCluster(): FakeCluster {
  const condition = (type: string): Condition => ({ type, status: 'True', observedGeneration: 1 })
  const route: Route = {
    metadata: { name: 'app', uid: '4b1c', resourceVersion: '90', generation: 1 },
    spec: {
      rules: [
        { backendRefs: [{ name: 'static' }] },
        { backendRefs: [{ name: 'app-blue' }, { name: 'app-green', weight: 0 }] },
      ],
    },
    status: { parents: [{ conditions: [condition('Accepted'), condition('ResolvedRefs')] }] },
  }
  const service: Service = {
    metadata: { name: 'app', uid: '77aa', resourceVersion: '91' },
    spec: { selector: { app: 'app', slot: 'blue' } },
  }
  const pods = ['blue', 'green'].map((slot) => ({ name: `app-${slot}-1`, labels: { app: 'app', slot } }))
  const ready: Record<string, boolean> = { blue: true, green: true }
  let version = 100
  let [seenGeneration, seenSlot, endpointSlot] = [1, 'blue', 'blue']

  function touch({ metadata }: Route | Service): void {
    version += 1
    metadata.resourceVersion = String(version)
  }

  /** What controllers do meanwhile. */
  function reconcile(): void {
    const conditions = route.status.parents.flatMap((parent) => parent.conditions)
    if (conditions.some(({ observedGeneration }) => observedGeneration !== seenGeneration)) {
      for (const each of conditions) each.observedGeneration = seenGeneration
      touch(route)
    }
    seenGeneration = route.metadata.generation
    endpointSlot = seenSlot
    seenSlot = service.spec.selector['slot'] ?? ''
  }

  function patch(object: Route | Service, kind: string, text: string): ProgramAnswer {
    const { metadata, ...given } = JSON.parse(text) as { metadata?: { resourceVersion?: string } } & Tree
    if (metadata?.resourceVersion !== undefined && metadata.resourceVersion !== object.metadata.resourceVersion) {
      return failed(
        `Error from server (Conflict): Operation cannot be fulfilled on ${kind} "app": the object has been modified; please apply your changes to the latest version and try again`,
      )
    }
    Object.assign(object, merge(object, given))
    if (object.metadata.generation !== undefined) object.metadata.generation += 1
    touch(object)
    return printed(object)
  }

  function slices(): readonly { readonly labels: Readonly<Record<string, string>>; readonly [key: string]: unknown }[] {
    const own = pods.filter(({ labels }) => labels.slot === endpointSlot).map(({ name }) => ({ name, isReady: true }))
    const ofSlot = ['blue', 'green'].map(
      (slot) => [`app-${slot}`, [{ name: `app-${slot}-1`, isReady: ready[slot] }]] as const,
    )
    return [...ofSlot, ['app', own] as const].map(([name, targets]) => ({
      labels: { 'kubernetes.io/service-name': name },
      endpoints: targets.map((target) => ({ conditions: { ready: target.isReady }, targetRef: { name: target.name } })),
    }))
  }

  return {
    route,
    service,
    ready,
    endpointSlot: () => endpointSlot,
    change(object, make) {
      make()
      if (object.metadata.generation !== undefined) object.metadata.generation += 1
      touch(object)
    },
    answer(args) {
      const [verb, type, name] = args.filter((word) => !word.startsWith('-'))
      const option = (key: string): string =>
        args.find((word) => word.startsWith(`--${key}=`))?.slice(key.length + 3) ?? ''
      if (verb === 'get' && type === 'pods') {
        const state = (slot: string): string => (ready[slot] ? 'True' : 'False')
        const found = pods.filter(({ labels }) => isSelected(labels, option('selector')))
        const items = found.map((metadata) => ({
          metadata,
          status: { conditions: [{ type: 'Ready', status: state(metadata.labels.slot) }] },
        }))
        return printed({ items })
      }
      if (verb === 'get' && type === 'endpointslices.discovery.k8s.io') {
        const found = slices().filter(({ labels }) => isSelected(labels, option('selector')))
        return printed({ items: found.map(({ labels, ...rest }) => ({ metadata: { labels }, ...rest })) })
      }
      const object = type === 'services' ? service : type === 'httproutes.gateway.networking.k8s.io' ? route : undefined
      if (!object || name !== 'app') return failed(`Error from server (NotFound): ${type} "${name}" not found`)
      if (verb === 'patch') return patch(object, type ?? '', option('patch'))
      reconcile()
      return printed(object)
    },
  }
}

/** RFC 7396: objects are merged, everything else is replaced. */
function merge(target: unknown, patch: unknown): unknown {
  if (patch === null || typeof patch !== 'object' || Array.isArray(patch)) return patch
  const merged: Record<string, unknown> = { ...(target as Tree) }
  for (const [key, value] of Object.entries(patch)) merged[key] = merge(merged[key], value)
  return merged
}

/** `app=app,slot in (blue,green)` */
function isSelected(labels: Readonly<Record<string, string>>, selector: string): boolean {
  return selector.split(/,(?![^(]*\))/u).every((term) => {
    const [, key = '', list] = /^(\S+) in \((.*)\)$/u.exec(term) ?? []
    if (list !== undefined) return list.split(',').includes(labels[key] ?? '')
    const [wanted = '', value = ''] = term.split('=')
    return labels[wanted] === value
  })
}

function printed(value: unknown): ProgramAnswer {
  return { exitCode: 0, stdout: JSON.stringify(value), stderr: '' }
}

function failed(text: string): ProgramAnswer {
  return { exitCode: 1, stdout: '', stderr: `${text}\n` }
}
