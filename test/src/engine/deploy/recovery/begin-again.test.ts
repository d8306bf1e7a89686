import { expect, test } from 'vitest'
import { wasLeftAlone } from '../../../../../src/engine/deploy/recovery/begin-again.ts'
import { aMeasurement } from '../../../../support/builders/health-facts.ts'
import { aDeployView, AT_TEN, begun, over } from '../../../../support/builders/a-deploy.ts'

const SCHEDULE = { intervalMs: 30_000, delayMs: 60_000 }

/** An analysis that began, was measured so many seconds later, and is looked at so many seconds after it began. */
const TABLE = [
  ['has just begun', [], 0, false],
  ['still waits for its first measurement', [], 120, false],
  ['should have been measured long ago', [], 121, true],
  ['was measured two intervals ago', [70, 100], 160, false],
  ['was measured longer ago', [70, 100], 161, true],
] as const

test.for(TABLE)('an analysis that %s', ([, measuredAt, nowAt, isLeftAlone]) => {
  const { stages } = aDeployView([...AT_TEN, begun(3), over(3), begun(4)])
  const [stage] = stages.slice(4)
  if (!stage?.startedAt) throw new Error('it has begun')
  const startMs = Date.parse(stage.startedAt)
  const after = (seconds: number) => new Date(startMs + seconds * 1000).toISOString()
  const measurements = measuredAt.map((seconds) => aMeasurement({ at: after(seconds) }))

  expect(wasLeftAlone({ ...stage, measurements }, SCHEDULE, after(nowAt))).toBe(isLeftAlone)
})
