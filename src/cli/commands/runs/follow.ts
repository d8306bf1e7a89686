import type { Engine } from '../../../engine/engine.ts'
import { BagboyError } from '../../../errors/bagboy-error.ts'
import type { Invocation } from '../../command.ts'
import { printRun, printOutcome } from '../../follow/follow-run.ts'
import { pickRun } from '../../requests/pick-run.ts'
import { renderLock } from '../../../view/run/lock-lines.ts'
import type { Line } from '../../../view/text.ts'

/** Between two reads of the lock, ms. */
const LOOK_MS = 5000

/** Shows the run of another process until it ends, and exits with its exit code. Takes no lock and writes nothing. */
export async function runRunsFollow(invocation: Invocation): Promise<number> {
  const { args, output, platform } = invocation
  const { engine } = await invocation.open()
  const { id, isOpen } = await pickRun(engine, args[0], 'any')
  const lock = await engine.lockInfo()
  if (isOpen && lock.run === id) output.note(...renderLock(lock, { now: platform.clock.now(), isRunHere: true }), '')
  const handle = engine.follow(id)
  const over = new AbortController()
  const silence = reportSilence(engine, invocation, over.signal)
  try {
    const outcome = await printRun(handle, invocation, { stopReason: 'the run itself goes on' })
    await printOutcome(outcome, invocation)
    return outcome.exitCode
  } finally {
    over.abort()
    await silence
  }
}

/** Says once that the owner gives no heartbeat, and once that it does again. */
async function reportSilence(engine: Engine, { output, platform }: Invocation, signal: AbortSignal): Promise<void> {
  let said = 'held'
  while (!signal.aborted) {
    await platform.clock.sleep(LOOK_MS, signal).catch((error: unknown) => {
      if (!signal.aborted) throw error
    })
    if (signal.aborted) return
    const { state, lines } = await look(engine, platform.clock.now())
    if (state !== said && (state !== 'held' || said !== 'free')) output.note(...lines)
    said = state
  }
}

async function look(engine: Engine, now: string): Promise<{ readonly state: string; readonly lines: readonly Line[] }> {
  try {
    const lock = await engine.lockInfo()
    const lines =
      lock.state === 'held' ? [`${lock.who} on ${lock.host} is at work.`] : renderLock(lock, { now, isRunHere: true })
    return { state: lock.state, lines }
  } catch (error) {
    if (!(error instanceof BagboyError)) throw error
    return { state: error.code, lines: [{ text: error.message, tone: 'warning' }] }
  }
}
