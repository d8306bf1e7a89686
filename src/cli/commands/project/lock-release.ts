import { isDeployPurpose } from '../../../domain/lock-purpose.ts'
import { sanitize } from '../../../domain/text/sanitize.ts'
import type { LockInfo } from '../../../engine/engine.ts'
import { BagboyError } from '../../../errors/bagboy-error.ts'
import { EXIT } from '../../../errors/codes.ts'
import type { Invocation } from '../../command.ts'
import { confirm } from '../../questions/confirm.ts'
import { isHere } from '../../requests/pick-run.ts'
import { goOn, renderLock } from '../../../view/run/lock-lines.ts'
import { requireReason } from '../../questions/require-reason.ts'

export async function runLockRelease(invocation: Invocation): Promise<number> {
  const { args, output, options, platform } = invocation
  const epoch = parseEpoch(args[0] ?? '')
  const reason = requireReason(invocation)
  const { engine } = await invocation.open()
  const before = await engine.lockInfo()
  requireCurrent(before, epoch)
  const isRunHere = await isHere(engine, before)
  output.note(...renderLock(before, { now: platform.clock.now(), isRunHere }))
  if (before.state === 'held' && !options.isSet('yes')) throw refuseLive(before)
  await confirm(invocation, `Release lock ${epoch}?`)
  const lock = await engine.breakLock(epoch, reason)
  await output.answer(lock, () => [
    { text: `Lock ${epoch} is released.`, tone: 'ok' },
    ...(before.state === 'dead' ? [] : [`If ${before.who} wakes up, it stops before it changes anything.`]),
    ...(before.run === '' ? [] : [`Resume its work: ${goOn(before, isRunHere)}`]),
  ])
  return EXIT.ok
}

function requireCurrent(lock: LockInfo, epoch: number): void {
  if (lock.state === 'free') {
    throw new BagboyError('USAGE', `The lock is free; epoch ${lock.epoch} was the last.`, {
      hint: 'There is nothing to release.',
    })
  }
  if (lock.epoch === epoch) return
  throw new BagboyError('LOCKED', `Lock ${epoch} is not the present one: that is ${lock.epoch}, held by ${lock.who}.`, {
    hint: 'Read the lock again before you release it: bagboy-tui lock status',
  })
}

function refuseLive({ epoch, who, run, purpose }: LockInfo): BagboyError {
  const follow = isDeployPurpose(purpose) ? 'traffic status --watch' : `runs follow ${run}`
  const watch = run === '' ? '' : ` Watch it first: bagboy-tui ${follow}.`
  return new BagboyError('USAGE', `Lock ${epoch} is not released: its holder, ${who}, is alive and at work.`, {
    hint: `Its work would be left unfinished.${watch} To release it anyway, add --yes.`,
  })
}

function parseEpoch(text: string): number {
  if (/^\d{1,9}$/u.test(text)) return Number(text)
  throw new BagboyError('USAGE', `An epoch is a whole number, not "${sanitize(text, 80)}".`, {
    hint: 'It is shown by: bagboy-tui lock status',
  })
}
