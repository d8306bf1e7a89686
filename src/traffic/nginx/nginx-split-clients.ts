import { perSlot, SLOTS, type PerSlot, type Slot, type TrafficSplit } from '../../domain/traffic/traffic.ts'
import type { NginxPlan, NginxProblem } from './nginx-plan.ts'
import type { NginxDirective, Splice } from './nginx-text.ts'

/** The percentages of a split_clients block; `*` is what is left. Pure. */
export function shareWeights({ block = [] }: NginxDirective, plan: NginxPlan): PerSlot<number> | NginxProblem {
  if (block.length === 0) return { problem: 'has nothing in its split_clients' }
  const shares = { blue: 0, green: 0 }
  let left = 100
  for (const { words } of block) {
    const [share = '', name = ''] = words.map(({ text }) => text)
    const slot = slotOf(name, plan)
    if (!slot) return { problem: `sends a share to ${name}, which belongs to no slot` }
    const percent = share === '*' ? left : Number(/^(?<percent>\d+(?:\.\d{1,2})?)%$/u.exec(share)?.groups?.['percent'])
    if (Number.isNaN(percent)) return { problem: `has a share "${share}" that is no percentage` }
    shares[slot] += percent
    left -= percent
  }
  return shares
}

/** The shares of a split, in place of the whole list. nginx takes no 0 %, so who gets nothing is not in it. Pure. */
export function shareSplices({ block = [] }: NginxDirective, plan: NginxPlan, split: TrafficSplit): readonly Splice[] {
  const [name, rest] = [perSlot((slot) => plan.servers[slot][0] ?? ''), split.green === 100 ? 'green' : 'blue'] as const
  const lines = [...(split.blue > 0 && split.green > 0 ? [`${split.green}% ${name.green};`] : []), `* ${name[rest]};`]
  const [start = 0, end = 0] = [block[0]?.start, block.at(-1)?.end]
  return [{ start, end, text: lines.join('\n    ') }]
}

function slotOf(name: string, { servers }: NginxPlan): Slot | undefined {
  return SLOTS.find((slot) => servers[slot].includes(name))
}
