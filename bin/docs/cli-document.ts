import { helpTexts } from '../../src/cli/help-texts.ts'
import { COMMANDS } from '../../src/cli/commands/index.ts'
import { markdownDocument } from './markdown.ts'

/** The help of every command as it is printed. */
export function cliDocument(): string {
  const program = 'bagboy-tui'
  const parts = Object.entries(helpTexts(program, '0.0.0')).map(
    ([name, text]) => `## \`${`${program} ${name}`.trim()}\`\n\n\`\`\`text\n${text.trimEnd()}\n\`\`\``,
  )
  const withYes = COMMANDS.filter(({ options }) => options.some(({ flags }) => flags.includes('--yes'))).map(
    ({ name }) => `\`${name}\``,
  )
  const intro = [
    'Data goes to stdout, everything for people to stderr. `-o json` and `-o yaml` print one document, also for an',
    'error; `-o ndjson` prints the events of a run ([events.md](events.md)) or a deploy',
    '([deploy-events.md](deploy-events.md)), or the items of a list, one a line.',
    'Exit codes are in [errors.md](errors.md). `bagboy` accepts the same commands and passes every other one to the Go',
    'program of that name.',
    '',
    'One rule decides which commands ask. A command that writes outside the project, takes something over or loses',
    `local data asks on a terminal. It has \`--yes\`, which answers in advance: ${withYes.join(', ')}.`,
    'Without a terminal it needs `--yes`: without it, it ends with exit code 2 and changes nothing. `rollback` asks in the',
    'app. `record` asks on a terminal only, when the registries do not serve what it would record; elsewhere it says so and',
    'records it. All other commands do not ask: they only read, add to the local history or answer a deploy in progress.',
    '`rollback --auto` acts as `rollback.mode` says.',
  ].join('\n')
  return markdownDocument('Command line', 'src/cli/commands', [intro, ...parts])
}
