// A stand-in for kubectl and the cluster behind it:  node kubectl.ts STATE-FILE ARGUMENTS…
// Objects carry resourceVersion and generation as the API server keeps them; a gateway and the endpoints follow a change
// when they are looked at the next time. Errors are worded as kubectl words them.
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import type { ClusterState } from './cluster-state.ts'

type Tree = { [key: string]: unknown }

const [file = '', ...words] = process.argv.slice(2)
const state = JSON.parse(readFileSync(file, 'utf8')) as ClusterState
const [verb, type = '', name] = words.filter((word) => !word.startsWith('-'))
const option = (key: string): string => words.find((word) => word.startsWith(`--${key}=`))?.slice(key.length + 3) ?? ''

function fail(text: string): never {
  process.stderr.write(`${text}\n`)
  process.exit(1)
}

function answer(value: unknown): void {
  process.stdout.write(JSON.stringify(value))
}

/** Whole or not at all: several calls may run at once. */
function save(): void {
  writeFileSync(`${file}.${process.pid}`, JSON.stringify(state))
  renameSync(`${file}.${process.pid}`, file)
}

/** RFC 7396: objects are merged, everything else is replaced. */
function merge(target: unknown, patch: unknown): unknown {
  if (patch === null || typeof patch !== 'object' || Array.isArray(patch)) return patch
  const merged: Tree = { ...(target as Tree) }
  for (const [key, value] of Object.entries(patch)) merged[key] = merge(merged[key], value)
  return merged
}

function selected(labels: Readonly<Record<string, string>>): boolean {
  return option('selector')
    .split(/,(?![^(]*\))/u)
    .every((term) => {
      const [, key = '', list] = /^(\S+) in \((.*)\)$/u.exec(term) ?? []
      if (list !== undefined) return list.split(',').includes(labels[key] ?? '')
      const [wanted = '', value = ''] = term.split('=')
      return labels[wanted] === value
    })
}

/** What controllers do meanwhile: they see a change one look after it was made. */
function reconcile(): void {
  const { route, service } = state
  for (const { conditions } of route.status.parents) {
    for (const condition of conditions) condition.observedGeneration = state.seenGeneration
  }
  if (state.seenGeneration !== route.metadata.generation) state.version += 1
  route.metadata.resourceVersion = String(Math.max(Number(route.metadata.resourceVersion), state.version))
  state.seenGeneration = route.metadata.generation
  state.endpointSlot = state.seenSlot
  state.seenSlot = service.spec.selector['slot'] ?? ''
}

function patchObject(object: { metadata: { resourceVersion: string; generation?: number } }, kind: string): void {
  const patch = JSON.parse(option('patch')) as { metadata?: { resourceVersion?: string } }
  const given = patch.metadata?.resourceVersion
  if (given !== undefined && given !== object.metadata.resourceVersion) {
    fail(
      `Error from server (Conflict): Operation cannot be fulfilled on ${kind} "${name}": the object has been modified; please apply your changes to the latest version and try again`,
    )
  }
  state.version += 1
  Object.assign(object, merge(object, patch))
  object.metadata.resourceVersion = String(state.version)
  if (object.metadata.generation !== undefined) object.metadata.generation += 1
  save()
  answer(object)
}

function slices(): unknown {
  const ofPods = state.pods.filter(({ metadata }) => metadata.labels['slot'] === state.endpointSlot)
  const all = [
    ...Object.entries(state.slotReady).map(([slot, ready]) => ({
      service: `app-${slot}`,
      targets: [{ name: `${slot}-1`, ready }],
    })),
    { service: 'app', targets: ofPods.map(({ metadata }) => ({ name: metadata.name, ready: true })) },
  ]
  const items = all.map(({ service, targets }) => ({
    metadata: { labels: { 'kubernetes.io/service-name': service } },
    endpoints: targets.map((target) => ({
      conditions: { ready: target.ready },
      targetRef: { kind: 'Pod', name: target.name },
    })),
  }))
  return { items: items.filter(({ metadata }) => selected(metadata.labels)) }
}

function pods(): unknown {
  const items = state.pods.map((pod) => ({
    ...pod,
    status: {
      conditions: [{ type: 'Ready', status: state.slotReady[pod.metadata.labels['slot'] ?? ''] ? 'True' : 'False' }],
    },
  }))
  return { items: items.filter(({ metadata }) => selected(metadata.labels)) }
}

const kinds = new Map<string, ClusterState['route'] | ClusterState['service']>([
  ['httproutes.gateway.networking.k8s.io', state.route],
  ['services', state.service],
])
const object = kinds.get(type)
if (verb === 'get' && type === 'pods') answer(pods())
else if (verb === 'get' && type === 'endpointslices.discovery.k8s.io') answer(slices())
else if (!object || object.metadata.name !== name) fail(`Error from server (NotFound): ${type} "${name}" not found`)
else if (verb === 'patch') patchObject(object, type)
else {
  reconcile()
  save()
  answer(object)
}
