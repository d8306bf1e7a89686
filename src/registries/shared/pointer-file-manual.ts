interface ManualRequest {
  readonly remote: string
  readonly branch: string | undefined
  readonly path: string
  readonly blob: string
  readonly summary: string
  /** The blob's text as it has to be changed; `undefined` = as it is. */
  readonly text: string | undefined
}

/** The same for a person with git and a shell, one command a line. Pure. */
export function manualCommands({ remote, branch, path, blob, summary, text }: ManualRequest): readonly string[] {
  const scheme = text === undefined ? undefined : /^[ \t]*(version_scheme \d+)/mu.exec(text)?.[1]
  return [
    `git clone ${branch === undefined ? '' : `--branch ${quote(branch)} `}-- ${quote(remote)} bagboy-rollback`,
    'cd bagboy-rollback',
    `git cat-file blob ${blob} > ${quote(path)}`,
    ...(scheme === undefined ? [] : [`"\${EDITOR:-vi}" ${quote(path)}   # it has to say: ${scheme}`]),
    `git add -- ${quote(path)}`,
    `git commit -m ${quote(summary)}`,
    'git push',
  ]
}

/** For a POSIX shell. */
function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/u.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`
}
