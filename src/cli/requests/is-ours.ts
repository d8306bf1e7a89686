import { BagboyError } from '../../errors/bagboy-error.ts'
import { COMMANDS } from '../commands/index.ts'

/** Global flags that take the next word as their value. */
const WITH_VALUE = new Set(['--config', '--cwd', '--env'])

/** The first word of a command line that is no flag and no flag's value. Pure. */
export function commandWord(argv: readonly string[]): string | undefined {
  const at = argv.findIndex((word, index) => !word.startsWith('-') && !WITH_VALUE.has(argv[index - 1] ?? ''))
  return argv[at]
}

/** Whether a command line of `bagboy` is for this program; everything else belongs to the Go program. Pure. */
export function isOurs(argv: readonly string[]): boolean {
  const word = commandWord(argv)
  // The packager has had a command of that name for longer; ours is `bagboy-tui deploy`.
  if (word === 'deploy') return false
  return COMMANDS.some(({ name }) => name.split(' ')[0] === word)
}

/** What to say where the Go program is needed and missing. */
export function missingBagboy(word: string | undefined): BagboyError {
  const what = word === undefined ? 'This' : `"bagboy ${word}"`
  return new BagboyError(
    'USAGE',
    `${what} belongs to the bagboy packager, which is not installed: no other bagboy is on PATH.`,
    {
      hint: 'Install it: go install github.com/scttfrdmn/bagboy/cmd/bagboy@latest. Commands that run without it: bagboy-tui --help',
    },
  )
}
