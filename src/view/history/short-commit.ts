/** A full git id cut to what git itself would show; anything else as it is. Pure. */
export function shortCommit(commit: string): string {
  return /^[0-9a-f]{40,}$/u.test(commit) ? commit.slice(0, 10) : commit
}
