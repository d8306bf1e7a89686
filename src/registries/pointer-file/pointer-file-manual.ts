import { shellWord } from '../../domain/text/shell-word.ts'
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
    `git clone -q ${branch === undefined ? '' : `--branch ${shellWord(branch)} `}-- ${shellWord(remote)} .`,
    ...changes.flatMap(({ path, blob }, index) => [
      ...(blob === null
        ? [`git rm -q -- ${shellWord(path)}`]
        : [...folderOf(path), `git cat-file blob ${blob} > ${shellWord(path)}`]),
      ...(scheme === undefined || index > 0
        ? []
        : [`echo ${shellWord(`It has to say: ${scheme}`)}`, `"\${EDITOR:-vi}" ${shellWord(path)}`]),
      ...(blob === null ? [] : [`git add -- ${shellWord(path)}`]),
    ]),
    `git commit -q -m ${shellWord(summary)}`,
    'git push -q',
  ]
  const last = commands.length - 1
  return commands.map((command, at) => `${at === 0 ? '(' : ' '}${command}${at === last ? ')' : ' &&'}`)
}

/** Git leaves no empty folders behind, and a file that is gone may have been the last one. */
function folderOf(path: string): readonly string[] {
  const end = path.lastIndexOf('/')
  return end < 0 ? [] : [`mkdir -p -- ${shellWord(path.slice(0, end))}`]
}
