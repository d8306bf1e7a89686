export interface KeyChange {
  readonly key: 'id' | 'status' | 'pinned'
  readonly value: string | number | boolean
  readonly eol: string
}
