import type { PerSlot } from '../../domain/traffic/traffic.ts'

/** What in the include file divides the requests. */
export interface NginxPlan {
  readonly kind: 'upstream' | 'split_clients'
  /** Of the upstream, or the variable with its `$`. */
  readonly name: string
  readonly servers: PerSlot<readonly string[]>
  /** The variable that names the text: `map … $bagboy_traffic { default "…"; }`. */
  readonly variable: string
}

/** Why a text cannot be worked with, as it continues "the include file …". */
export interface NginxProblem {
  readonly problem: string
}
