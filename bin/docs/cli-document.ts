import { helpTexts } from '../../src/cli/help-texts.ts'
import { markdownDocument } from './markdown.ts'

/** The help of every command as it is printed. */
export function cliDocument(): string {
  const program = 'bagboy-tui'
  const parts = Object.entries(helpTexts(program, '0.0.0')).map(
    ([name, text]) => `## \`${`${program} ${name}`.trim()}\`\n\n\`\`\`text\n${text.trimEnd()}\n\`\`\``,
  )
  const intro = [
    'Data goes to stdout, everything for people to stderr. `-o json` and `-o yaml` print one document, also for an',
    'error; `-o ndjson` prints the events of a run ([events.md](events.md)) or a deploy',
    '([deploy-events.md](deploy-events.md)), or the items of a list, one a line.',
    'Exit codes are in [errors.md](errors.md). `bagboy` takes the same commands and hands every other one to the Go',
    'program of that name.',
  ].join('\n')
  return markdownDocument('Command line', 'src/cli/specs', [intro, ...parts])
}
