import type { RegistryStatus } from '../../engine/engine.ts'
import { driftEvents, driftText, rememberServed, type DriftEvent, type Served } from '../../events/drift.ts'
import { BagboyError } from '../../errors/bagboy-error.ts'
import type { Invocation } from '../command.ts'
import { packageText } from '../../view/history/package-text.ts'
import type { Line } from '../../view/text.ts'
import { sameVersion } from '../../domain/version.ts'

/** Between two reads by default: registries limit requests. */
const INTERVAL_MS = 60_000

/** Reads the registries again and again until it is stopped, and prints what changes. Reads only. */
export async function watchStatus(
  { output, options, interruption: { signal }, platform: { clock } }: Invocation,
  look: (signal: AbortSignal) => Promise<readonly RegistryStatus[]>,
  show: (registries: readonly RegistryStatus[]) => readonly Line[],
): Promise<void> {
  const intervalMs = options.duration('interval', '--interval') ?? INTERVAL_MS
  let known: readonly Served[] | null = null
  let failure = ''
  while (!signal.aborted) {
    const { found, error } = await tryLook(look, signal)
    // A history that is being edited does not end the watch; the error is printed once.
    if (error !== failure && error !== '') output.note({ text: error, tone: 'bad' })
    failure = error
    if (found) {
      if (known === null) output.note(...show(found), `Reading again every ${intervalMs / 1000} s; ctrl-c ends it.`)
      for (const event of driftEvents(known, found, clock.now())) {
        output.item(event)
        output.note(describe(event))
      }
      known = rememberServed(known, found)
    }
    await clock.sleep(intervalMs, signal).catch((reason: unknown) => {
      if (!signal.aborted) throw reason
    })
  }
}

interface Look {
  readonly found: readonly RegistryStatus[] | undefined
  readonly error: string
}

async function tryLook(
  look: (signal: AbortSignal) => Promise<readonly RegistryStatus[]>,
  signal: AbortSignal,
): Promise<Look> {
  try {
    return { found: await look(signal), error: '' }
  } catch (error) {
    if (signal.aborted) return { found: undefined, error: '' }
    if (!(error instanceof BagboyError) || error.code === 'BUG') throw error
    return { found: undefined, error: `${error.message} (${error.code})` }
  }
}

const WORDS = {
  'hold.violated': { verb: 'serves a held version again', tone: 'bad' },
  'drift.detected': { verb: 'serves something else than the history says', tone: 'bad' },
  'drift.cleared': { verb: 'is in line again', tone: 'ok' },
} as const

function describe(event: DriftEvent): Line {
  const { type, at, package: ref, expected, serving } = event
  const { verb, tone } = WORDS[type]
  const isAnother = serving !== '' && !sameVersion(serving, expected)
  const what =
    type === 'drift.cleared'
      ? `, ${serving}`
      : `: ${isAnother ? `${serving} instead of ${expected}` : driftText(event)}`
  return { text: `${at} ${type}  ${packageText(ref)} ${verb}${what}`, tone }
}
