import { printLines } from '../src/view/text.ts'
import { commandWord, isOurs, missingBagboy } from '../src/cli/requests/is-ours.ts'
import { renderError } from '../src/view/error-lines.ts'
import { exitCodeOf, toErrorReport } from '../src/errors/bagboy-error.ts'
import { findGoBagboy } from './find-go-bagboy.ts'
import { endAs, handOn } from './hand-on.ts'
import { runOurs, start } from './start.ts'

/** After these the history gets an entry. */
const DEPLOYING = new Set(['publish', 'deploy'])

/** One command line of `bagboy`: ours, or handed to the Go program as it is. */
export async function runBagboy(version: string, argv: readonly string[], self: string): Promise<void> {
  if (isOurs(argv)) return start({ program: 'bagboy', version, dataTo: 1 }, argv)
  const other = findGoBagboy(process.env, self)
  const word = commandWord(argv)
  if (other === undefined) {
    if (word === undefined) return start({ program: 'bagboy', version, dataTo: 1 }, argv)
    const error = missingBagboy(word)
    process.stderr.write(printLines(renderError(toErrorReport(error)), false))
    process.exitCode = exitCodeOf(error)
    return
  }
  const ending = await handOn(other, argv, self)
  const isDeployed = word !== undefined && DEPLOYING.has(word) && 'exitCode' in ending && ending.exitCode === 0
  if (isDeployed && !isHelp(argv)) await recordDeployment(version, argv)
  endAs(ending)
}

function isHelp(argv: readonly string[]): boolean {
  return argv.some((word) => word === '--help' || word === '-h' || word === '--dry-run')
}

/** What was published is published, whatever happens here: its exit code stays, a failure is said. */
async function recordDeployment(version: string, argv: readonly string[]): Promise<void> {
  process.stderr.write('bagboy: writing this deployment into the history\n')
  const config = argv.findIndex((word) => word === '--config')
  const flags = config === -1 ? [] : argv.slice(config, config + 2)
  const exitCode = await runOurs({ program: 'bagboy', version, dataTo: 2 }, ['record', ...flags])
  if (exitCode !== 0) {
    process.stderr.write('bagboy: published, but not in the history. Write it: bagboy record --version V\n')
  }
}
