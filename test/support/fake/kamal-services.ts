/** The state file of kamal-proxy, as far as it is used. */
export type KamalServices = {
  readonly name: string
  readonly options: { hosts: string[] }
  active_targets: string[]
  rollout_targets: string[]
  rollout_controller: { percentage: number; percentage_split_point: number; allowlist: string[] } | null
  /** 0 runs, 1 is paused, 2 is stopped. */
  readonly pause_controller: { state: number }
}[]
