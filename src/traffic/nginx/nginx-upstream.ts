import { perSlot, SLOTS, type PerSlot, type TrafficSplit } from '../../domain/traffic/traffic.ts'
import type { NginxPlan, NginxProblem } from './nginx-plan.ts'
import type { NginxDirective, Splice } from './nginx-text.ts'
import { spreadWeights } from '../spread-weights.ts'

/** nginx has no limit of its own; more than this tells nothing apart. */
const MAX_WEIGHT = 1000

/** What each slot's servers weigh in an upstream block. `down` is 0: nginx takes no weight of 0. Pure. */
export function serverWeights(block: NginxDirective, { servers }: NginxPlan): PerSlot<number> | NginxProblem {
  const found = serversOf(block)
  const names = [...servers.blue, ...servers.green]
  const missing = names.find((name) => !found.has(name))
  if (missing !== undefined) return { problem: `has no server ${missing} in its upstream` }
  const stranger = [...found].find(([name, server]) => !names.includes(name) && weightOf(server) > 0)
  if (stranger) return { problem: `has a server ${stranger[0]} that takes requests and belongs to no slot` }
  const weightIn = (name: string): number => {
    const server = found.get(name)
    return server ? weightOf(server) : 0
  }
  return perSlot((slot) => servers[slot].reduce((sum, name) => sum + weightIn(name), 0))
}

/** The weights of a split, in place of those that are there; every other parameter stays. Pure. */
export function serverSplices(block: NginxDirective, { servers }: NginxPlan, split: TrafficSplit): readonly Splice[] {
  const found = serversOf(block)
  const weights = spreadWeights(
    split,
    perSlot((slot) => servers[slot].map(() => 1)),
    MAX_WEIGHT,
  )
  return SLOTS.flatMap((slot) =>
    servers[slot].flatMap((name, index) => {
      const server = found.get(name)
      return server ? weigh(server, weights[slot][index] ?? 0) : []
    }),
  )
}

function serversOf(block: NginxDirective): ReadonlyMap<string, NginxDirective> {
  const servers = (block.block ?? []).filter(({ words }) => words[0]?.text === 'server')
  return new Map(servers.map((server) => [server.words[1]?.text ?? '', server]))
}

function weightOf({ words }: NginxDirective): number {
  const parameters = words.slice(2).map(({ text }) => text)
  if (parameters.includes('down') || parameters.includes('backup')) return 0
  const weight = parameters.find((text) => text.startsWith('weight='))
  return weight === undefined ? 1 : Number(weight.slice('weight='.length))
}

/** In place of the weight that is there, or behind the last parameter. */
function weigh({ words }: NginxDirective, weight: number): readonly Splice[] {
  const parameter = weight === 0 ? 'down' : `weight=${weight}`
  const [first, ...others] = words.slice(2).filter(({ text }) => text === 'down' || text.startsWith('weight='))
  const end = words.at(-1)?.end ?? 0
  return [
    first ? { start: first.start, end: first.end, text: parameter } : { start: end, end, text: ` ${parameter}` },
    ...others.map((other) => ({ start: other.start, end: other.end, text: '' })),
  ]
}
