import { untrusted } from '../../domain/display.ts'
import { BagboyError } from '../../errors/bagboy-error.ts'
import { EXIT } from '../../errors/codes.ts'
import type { Invocation } from '../command.ts'
import { confirm } from '../confirm.ts'
import { renderLock } from '../render/lock-lines.ts'
import { requireReason } from '../require-reason.ts'

export async function runLockRelease(invocation: Invocation): Promise<number> {
  const { args, output } = invocation
  const epoch = parseEpoch(args[0] ?? '')
  const reason = requireReason(invocation)
  const { engine } = await invocation.open()
  output.note(...renderLock(await engine.lockInfo()))
  await confirm(invocation, `Release epoch ${epoch}?`)
  const lock = await engine.breakLock(epoch, reason)
  await output.answer(lock, () => renderLock(lock))
  return EXIT.ok
}

function parseEpoch(text: string): number {
  if (/^\d{1,9}$/u.test(text)) return Number(text)
  throw new BagboyError('USAGE', `An epoch is a whole number, not "${untrusted(text, 80)}".`, {
    hint: 'It is shown by: bagboy-tui lock status',
  })
}
