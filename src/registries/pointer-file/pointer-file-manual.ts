interface ManualRequest {
  readonly remote: string
  readonly branch: string | undefined
  readonly changes: readonly { readonly path: string; readonly blob: string | null }[]
  readonly summary: string
  /** The blob's text as it has to be changed; `undefined` = as it is. */
  readonly text: string | undefined
}

/**
 * The same for a person with git and a shell: one command over several lines, in a folder of its own. The first part that
 * fails ends it, so that nothing half done is pushed. Pure.
 */
export function manualCommands({ remote, branch, changes, summary, text }: ManualRequest): readonly string[] {
  const scheme = text === undefined ? undefined : /^[ \t]*(version_scheme \d+)/mu.exec(text)?.[1]
  const commands = [
    'cd "$(mktemp -d)"',
    `git clone -q ${branch === undefined ? '' : `--branch ${quote(branch)} `}-- ${quote(remote)} .`,
    ...changes.flatMap(({ path, blob }, index) => [
      ...(blob === null
        ? [`git rm -q -- ${quote(path)}`]
        : [...folderOf(path), `git cat-file blob ${blob} > ${quote(path)}`]),
      ...(scheme === undefined || index > 0
        ? []
        : [`echo ${quote(`It has to say: ${scheme}`)}`, `"\${EDITOR:-vi}" ${quote(path)}`]),
      ...(blob === null ? [] : [`git add -- ${quote(path)}`]),
    ]),
    `git commit -q -m ${quote(summary)}`,
    'git push -q',
  ]
  const last = commands.length - 1
  return commands.map((command, at) => `${at === 0 ? '(' : ' '}${command}${at === last ? ')' : ' &&'}`)
}

/** Git leaves no empty folders behind, and a file that is gone may have been the last one. */
function folderOf(path: string): readonly string[] {
  const end = path.lastIndexOf('/')
  return end < 0 ? [] : [`mkdir -p -- ${quote(path.slice(0, end))}`]
}

/** For a POSIX shell. */
function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/u.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`
}
