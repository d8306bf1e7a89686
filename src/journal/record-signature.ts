/** Who says that a record is theirs. */
export interface RecordSignature {
  /** Id of the key. */
  readonly key: string
  readonly value: string
}
