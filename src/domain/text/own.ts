/**
 * What a record holds under a key from outside; `undefined` when it holds nothing. `record[key]` finds `constructor`
 * and `toString` in every record. Pure.
 */
export function own<Value>(record: Readonly<Record<string, Value>> | undefined, key: string): Value | undefined {
  return record !== undefined && Object.hasOwn(record, key) ? record[key] : undefined
}
