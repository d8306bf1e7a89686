/** What may go wrong with one request. `applied` says whether the server behind has carried it out. */
export type Fault =
  /** The connection is reset before the server behind sees anything. Not applied. */
  | { readonly kind: 'reset' }
  /** Accepted and never answered. Not applied. */
  | { readonly kind: 'black-hole' }
  /** Applied; then the connection is cut instead of an answer. */
  | { readonly kind: 'lost-answer' }
  /** Passed on after `delayMs`, whether or not the client still waits: the late request of a client that gave up. */
  | { readonly kind: 'delayed'; readonly delayMs: number }
  /** Answered as the same request was answered before, without asking the server behind. Not applied. */
  | { readonly kind: 'stale' }
  /** Applied at once, answered after `delayMs`. */
  | { readonly kind: 'late'; readonly delayMs: number }
  /** Applied; the answer's body trickles, one piece of `bytes` every `everyMs`. */
  | { readonly kind: 'slow'; readonly bytes: number; readonly everyMs: number }
  /** Applied; the answer's headers promise all of the body, the connection ends after `bytes` of it. */
  | { readonly kind: 'truncated'; readonly bytes: number }
  /** This answer instead of the server's; `applied` = the server behind has carried the request out before. */
  | {
      readonly kind: 'status'
      readonly status: number
      readonly applied: boolean
      readonly headers?: Readonly<Record<string, string>>
      readonly body?: string
    }

export type FaultRule = Fault & {
  /** Every method when absent. */
  readonly method?: string
  /** Tested against path and query; every path when absent. */
  readonly path?: RegExp
  /** How many requests it meets before it is used up. Default: every one. */
  readonly times?: number
}

interface ActiveRule {
  readonly rule: FaultRule
  left: number
}

/** The rules in force, in the order in which they were added; the first that fits is used. */
export interface FaultList {
  add(rule: FaultRule): void
  clear(): void
  /** Uses one up. */
  take(method: string, path: string): Fault | undefined
}

export function createFaultList(): FaultList {
  const active: ActiveRule[] = []
  return {
    add: (rule) => void active.push({ rule, left: rule.times ?? Number.POSITIVE_INFINITY }),
    clear: () => void active.splice(0),
    take(method, path) {
      const found = active.find(
        ({ rule, left }) =>
          left > 0 && (rule.method === undefined || rule.method === method) && (rule.path?.test(path) ?? true),
      )
      if (found) found.left -= 1
      return found?.rule
    },
  }
}
