import { expect, test } from 'vitest'
import { deployInterrupted } from '../../../../../src/engine/deploy/recovery/deploy-interrupted.ts'
import { BagboyError, exitCodeOf } from '../../../../../src/errors/bagboy-error.ts'
import { aDeployView } from '../../../../support/builders/a-deploy.ts'

const FULL = new BagboyError('DISK', 'cannot write journal.jsonl (ENOSPC)', { hint: 'Free space.' })

test('a deploy that a failing disk cuts off says where the traffic stood, and how to go on', () => {
  const error = deployInterrupted(aDeployView([]), FULL)

  expect(error).toMatchObject({
    code: 'RUN_INTERRUPTED',
    message: expect.stringMatching(
      /was cut off: cannot write journal\.jsonl \(ENOSPC\)\nThe traffic was last read back at /u,
    ),
    hint: 'Free space. Then go on: bagboy-tui traffic resume',
  })
  expect(exitCodeOf(error)).toBe(6)
})

test("a deploy whose lock is somebody else's says only that", () => {
  const lost = new BagboyError('LOCK_LOST', 'epoch 2 is in force')

  expect(deployInterrupted(aDeployView([]), lost)).toBe(lost)
})
