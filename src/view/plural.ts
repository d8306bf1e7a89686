/** `no check` is `0 checks`, then `1 check`, `3 checks`. Pure. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`
}
