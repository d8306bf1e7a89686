import { ERRORS, EXIT } from '../../src/errors/codes.ts'
import { ERROR_MEANINGS, EXIT_MEANINGS } from './error-meanings.ts'
import { markdownDocument, markdownTable } from './markdown.ts'

/** Exit codes and error codes with what they mean. */
export function errorsDocument(): string {
  const exits = Object.entries(EXIT).map(([name, code]) => [String(code), EXIT_MEANINGS[name as keyof typeof EXIT]])
  const signals = [
    ['129', 'ended by SIGHUP: the terminal went away before a run or a deploy had begun; one that had begun goes on and ends with its own code'],
    ['130', 'ended by SIGINT; the journal is consistent'],
    ['143', 'ended by SIGTERM; the journal is consistent'],
  ]
  const errors = Object.entries(ERRORS).map(([code, exit]) => [
    `\`${code}\``,
    String(exit),
    ERROR_MEANINGS[code as keyof typeof ERRORS],
  ])
  return markdownDocument('Exit codes and errors', 'src/errors', [
    'Codes are stable and meant for scripts; messages are meant for people and may change. `-o json` prints an error as\n`{"error": {"code", "message", "hint", "details"}, "exitCode"}`.',
    '## Exit codes',
    markdownTable(['Code', 'Means'], [...exits, ...signals]),
    '## Errors',
    markdownTable(['Error', 'Exit code', 'Means'], errors),
  ])
}
