import type { Engine, LockInfo, RunSummary } from '../../engine/engine.ts'
import { sanitize } from '../../domain/text/sanitize.ts'
import { BagboyError } from '../../errors/bagboy-error.ts'
import { unknownName } from '../../errors/unknown-name.ts'

/**
 * The run with the given id (an unambiguous beginning or end is enough), else the only open run, else, for `any`, the
 * newest. A foreign run is found only by its id. @throws RUN_UNKNOWN, RUN_NOT_OPEN, USAGE
 */
export async function pickRun(engine: Engine, word: string | undefined, kind: 'open' | 'any'): Promise<RunSummary> {
  if (word !== undefined) return byId(await engine.runs({ allEnvironments: true }), word)
  const runs = await engine.runs()
  const isForeign = ({ origin }: RunSummary): boolean => origin.kind === 'foreign'
  const ours = runs.filter((run) => !isForeign(run))
  const open = ours.filter(({ isOpen }) => isOpen)
  const [first] = open.length > 0 || kind === 'open' ? open : ours
  if (open.length > 1) {
    throw new BagboyError('USAGE', `${open.length} runs are open: ${open.map(({ id }) => id).join(', ')}.`, {
      hint: 'Name one of them.',
    })
  }
  if (first) return first
  const foreign = runs.filter((run) => isForeign(run) && (run.isOpen || kind === 'any')).map(({ id }) => id)
  const whose = foreign.length === 0 ? '' : ' of yours'
  throw new BagboyError('RUN_NOT_OPEN', kind === 'open' ? `No run${whose} is open.` : `There is no run${whose} yet.`, {
    hint: `${whose === '' ? '' : `Not yours: ${foreign.join(', ')}. `}Runs are listed by: bagboy-tui runs list`,
  })
}

/** Whether the run of a lock's holder is one of this folder: machines that share a remote lock have journals of their own. */
export async function isHere(engine: Engine, { run }: Pick<LockInfo, 'run'>): Promise<boolean> {
  if (run === '') return false
  const here = [...(await engine.runs()), ...(await engine.openDeploys())]
  return here.some(({ id }) => id === run)
}

function byId(runs: readonly RunSummary[], word: string): RunSummary {
  const upper = word.toUpperCase()
  // The app and messages show the end of an id: it differs between runs of one day, the beginning does not.
  const found = runs.filter(({ id }) => id.startsWith(upper) || (word.length >= 4 && id.endsWith(upper)))
  const [only] = found
  if (only && found.length === 1) return only
  if (found.length > 1) {
    throw new BagboyError(
      'USAGE',
      `${found.length} runs have an id that begins or ends with "${sanitize(word, 80)}".`,
      {
        hint: `Give more of it: ${found.map(({ id }) => id).join(', ')}`,
      },
    )
  }
  throw unknownName({
    code: 'RUN_UNKNOWN',
    message: `No run has an id that begins or ends with "${sanitize(word, 80)}".`,
    word: word.toUpperCase(),
    known: runs.map(({ id }) => id),
    knownAs: 'Runs, all listed by `bagboy-tui runs list`',
  })
}
