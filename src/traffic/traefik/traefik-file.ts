import { SLOTS, type PerSlot, type TrafficSplit } from '../../domain/traffic/traffic.ts'
import type { Json } from '../../domain/text/json.ts'
import { readYaml } from '../../yaml/read-yaml.ts'

export const MAX_BYTES = 1024 * 1024
const WHOLE = /^\d+/u

export interface TraefikPlan {
  readonly service: string
  readonly servers: PerSlot<string>
}

/** The weighted service of a dynamic configuration, and where its weights stand. */
export interface TraefikFile {
  readonly text: string
  readonly weights: PerSlot<number>
  readonly ranges: PerSlot<{ readonly start: number; readonly end: number }>
}

/** Why a text cannot be worked with, as it continues "the file …". */
export interface TraefikProblem {
  readonly problem: string
}

/** Pure. */
export function readTraefikFile(text: string, { service, servers }: TraefikPlan): TraefikFile | TraefikProblem {
  const reading = readYaml(text, { maxBytes: MAX_BYTES, numbers: 'yaml', aliasNodes: 0 })
  if (reading.problem) return { problem: `is not read: ${reading.problem.wrong}; ${reading.problem.right}` }
  const path = ['http', 'services', service, 'weighted', 'services']
  const list = path.reduce<Json | undefined>((value, key) => fieldOf(value, key), reading.data)
  if (!Array.isArray(list)) return { problem: `has no http.services.${service}.weighted.services` }
  const names = list.map((entry: Json) => fieldOf(entry, 'name'))
  const stranger = list.findIndex(
    (entry: Json, index) => !isOurs(names[index], servers) && fieldOf(entry, 'weight') !== 0,
  )
  if (stranger >= 0) {
    return { problem: `sends requests to ${JSON.stringify(names[stranger])}, which belongs to no slot` }
  }
  const weights: Partial<Record<keyof typeof servers, number>> = {}
  const ranges: Partial<Record<keyof typeof servers, { start: number; end: number }>> = {}
  for (const slot of SLOTS) {
    const index = names.findIndex((name) => name === servers[slot])
    const start = reading.offsetOf([...path, index, 'weight'])
    const digits = WHOLE.exec(text.slice(start))?.[0]
    const weight = index < 0 ? undefined : fieldOf(list[index], 'weight')
    if (digits === undefined || Number(digits) !== weight) {
      return { problem: `needs - name: ${servers[slot]} with a whole weight in ${service}` }
    }
    weights[slot] = weight
    ranges[slot] = { start, end: start + digits.length }
  }
  return { text, weights: weights as PerSlot<number>, ranges: ranges as TraefikFile['ranges'] }
}

/** The same text with other weights; every other byte stays. Pure. */
export function writeTraefikFile({ text, ranges }: TraefikFile, split: TrafficSplit): string {
  return SLOTS.toSorted((a, b) => ranges[b].start - ranges[a].start).reduce(
    (spliced, slot) => spliced.slice(0, ranges[slot].start) + String(split[slot]) + spliced.slice(ranges[slot].end),
    text,
  )
}

function isOurs(name: Json | undefined, servers: PerSlot<string>): boolean {
  return SLOTS.some((slot) => servers[slot] === name)
}

function fieldOf(value: Json | undefined, key: string): Json | undefined {
  if (value === undefined || value === null || typeof value !== 'object' || Array.isArray(value)) return undefined
  return (value as Readonly<Record<string, Json>>)[key]
}
