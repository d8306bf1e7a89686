import { EXIT } from '../../../errors/codes.ts'
import type { Invocation } from '../../command.ts'
import { isHere } from '../../requests/pick-run.ts'
import { renderLock } from '../../../view/run/lock-lines.ts'

export async function runLockStatus(invocation: Invocation): Promise<number> {
  const { output, platform } = invocation
  const { engine } = await invocation.open()
  const lock = await engine.lockInfo()
  const isRunHere = await isHere(engine, lock)
  await output.answer(lock, () => renderLock(lock, { now: platform.clock.now(), isRunHere }))
  return EXIT.ok
}
