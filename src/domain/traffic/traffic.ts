export const SLOTS = ['blue', 'green'] as const
export type Slot = (typeof SLOTS)[number]
export type PerSlot<Value> = Readonly<Record<Slot, Value>>

/** Whole percent of what comes in from now on: 100 together, or 0 and 0 when no slot gets anything. */
export type TrafficSplit = PerSlot<number>

/** `make` for each slot. Pure. */
export function perSlot<Value>(make: (slot: Slot) => Value): PerSlot<Value> {
  return { blue: make('blue'), green: make('green') }
}

export function otherSlot(slot: Slot): Slot {
  return slot === 'blue' ? 'green' : 'blue'
}

/** Everything to one slot. */
export function allTo(slot: Slot): TrafficSplit {
  return perSlot((each) => (each === slot ? 100 : 0))
}

export function sameSplit(a: TrafficSplit, b: TrafficSplit): boolean {
  return SLOTS.every((slot) => a[slot] === b[slot])
}

/** What weights mean in whole percent. A slot that gets something never counts as 0, one that gets not all never as 100. Pure. */
export function splitOf({ blue, green }: PerSlot<number>): TrafficSplit {
  const total = blue + green
  if (total <= 0) return { blue: 0, green: 0 }
  if (blue <= 0 || green <= 0) return allTo(green <= 0 ? 'blue' : 'green')
  const percent = Math.min(99, Math.max(1, Math.round((100 * green) / total)))
  return { blue: 100 - percent, green: percent }
}

/** `blue 90 %, green 10 %` */
export function splitText({ blue, green }: TrafficSplit): string {
  return `blue ${blue} %, green ${green} %`
}

export function isSlot(text: string): text is Slot {
  return SLOTS.some((slot) => slot === text)
}
