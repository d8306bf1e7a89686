import { z } from 'zod'

/** One service in the state file of kamal-proxy, which it rewrites after every command. */
const service = z.looseObject({
  name: z.string(),
  active_targets: z.array(z.string()).nullish(),
  rollout_targets: z.array(z.string()).nullish(),
  rollout_controller: z
    .looseObject({ percentage: z.number().min(0).max(100), allowlist: z.array(z.string()).nullish() })
    .nullish(),
})
const services = z.array(service)

export interface KamalState {
  readonly active: string
  readonly rollout: string | null
  /** Of the clients that carry the rollout cookie; `null` when no rollout is on. */
  readonly percent: number | null
  /** Clients that get the rollout regardless of the percentage. */
  readonly namedCount: number
}

/** `undefined` when the text is no state, `null` when it does not know the service. Pure. */
export function readKamalState(value: unknown, name: string): KamalState | null | undefined {
  const parsed = services.safeParse(value)
  if (!parsed.success) return undefined
  const found = parsed.data.find((each) => each.name === name)
  if (!found) return null
  const [active, rollout] = [found.active_targets ?? [], found.rollout_targets ?? []]
  return {
    active: active.join(','),
    rollout: rollout.length === 0 ? null : rollout.join(','),
    percent: found.rollout_controller?.percentage ?? null,
    namedCount: found.rollout_controller?.allowlist?.length ?? 0,
  }
}

// eslint-disable-next-line no-control-regex -- the colours of the table are what this expression is about
const COLOURS = /\u001b\[[0-9;]*m/gu

/** One row of `kamal-proxy list`: a table with colours, its columns parted by two blanks or more. */
export interface KamalRow {
  readonly target: string
  readonly state: string
}

/** `undefined` when the table is none, `null` when it does not name the service. Pure. */
export function readKamalList(text: string, name: string): KamalRow | null | undefined {
  const [head = [], ...rows] = text
    .replace(COLOURS, '')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => line.trimEnd().split(/ {2,}/u))
  const [serviceAt, targetAt, stateAt] = ['Service', 'Target', 'State'].map((title) => head.indexOf(title))
  if (serviceAt !== 0 || targetAt === undefined || stateAt === undefined || targetAt < 0 || stateAt < 0)
    return undefined
  const row = rows.find((cells) => cells[0] === name)
  // From the right: a service without a host or a path leaves a cell empty, and blanks say nothing about how many.
  const cell = (at: number): string => row?.at(at - head.length) ?? ''
  return row ? { target: cell(targetAt), state: cell(stateAt) } : null
}
