import { EXIT } from '../../errors/codes.ts'
import type { Invocation } from '../command.ts'
import { renderLock } from '../render/lock-lines.ts'

export async function runLockStatus(invocation: Invocation): Promise<number> {
  const { engine } = await invocation.open()
  const lock = await engine.lockInfo()
  await invocation.output.answer(lock, () => renderLock(lock, invocation.platform.clock.now()))
  return EXIT.ok
}
