export interface CompareState {
  /** History ids. */
  readonly left: number
  readonly right: number
  readonly onlyChanges: boolean
}
