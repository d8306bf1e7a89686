import type { Engine, LockInfo, RunSummary } from '../engine/engine.ts'
import { BagboyError } from '../errors/bagboy-error.ts'

/**
 * The run that is meant: the one that is named (any unambiguous beginning of its id), else the only open one, else,
 * where closed ones will do, the newest. @throws RUN_UNKNOWN, USAGE
 */
export async function pickRun(engine: Engine, word: string | undefined, kind: 'open' | 'any'): Promise<RunSummary> {
  const runs = await engine.runs()
  if (word !== undefined) return byId(runs, word)
  const open = runs.filter(({ isOpen }) => isOpen)
  const [first] = open.length > 0 || kind === 'open' ? open : runs
  if (open.length > 1) {
    throw new BagboyError('USAGE', `${open.length} runs are open: ${open.map(({ id }) => id).join(', ')}.`, {
      hint: 'Name one of them.',
    })
  }
  if (first) return first
  throw new BagboyError('RUN_UNKNOWN', kind === 'open' ? 'No run is open.' : 'There is no run.', {
    hint: 'Runs are listed by: bagboy-tui runs list',
  })
}

/** Whether the run of a lock's holder is one of this folder: machines that share a remote lock have journals of their own. */
export async function isHere(engine: Engine, { run }: Pick<LockInfo, 'run'>): Promise<boolean> {
  if (run === '') return false
  const here = [...(await engine.runs()), ...(await engine.openDeploys())]
  return here.some(({ id }) => id === run)
}

function byId(runs: readonly RunSummary[], word: string): RunSummary {
  const found = runs.filter(({ id }) => id.startsWith(word.toUpperCase()))
  const [only] = found
  if (only && found.length === 1) return only
  const fault = found.length === 0 ? 'No run' : `${found.length} runs`
  throw new BagboyError('RUN_UNKNOWN', `${fault} with an id that begins with "${word}".`, {
    hint: 'Runs are listed by: bagboy-tui runs list',
  })
}
