import { SLOTS, type Slot, type TrafficSplit } from '../domain/traffic/traffic.ts'

const WIDTH = 12

/** One line for each slot: its name, a bar, its share and its version where that is known. Pure. */
export function splitBars(split: TrafficSplit, versionOf: (slot: Slot) => string): string {
  return SLOTS.map((slot) => {
    const share = `${split[slot]} %`.padStart(5)
    return `${slot.padEnd(5)}  ${bar(split[slot])}  ${share}  ${versionOf(slot)}`.trimEnd()
  }).join('\n')
}

/** What gets something is never drawn empty, what gets not all never full. */
function bar(percent: number): string {
  const exact = Math.round((WIDTH * percent) / 100)
  const length = percent === 0 || percent === 100 ? exact : Math.min(WIDTH - 1, Math.max(1, exact))
  return '█'.repeat(length).padEnd(WIDTH, '·')
}
