/** `1 check`, `3 checks`; empty for none. Pure. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return count === 0 ? '' : `${count} ${count === 1 ? one : many}`
}
