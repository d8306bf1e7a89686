import { expect, test } from 'vitest'
import { BagboyError } from '../../../src/errors/bagboy-error.ts'
import type { HealthSample } from '../../../src/domain/health/health-sample.ts'
import { runRound } from '../../../src/health/run-round.ts'
import { createNodePlatform } from '../../../src/platform/node/create-platform.ts'
import { aProbe, aTcpCheck } from '../../support/builders/a-probe.ts'

const NEVER = new AbortController().signal
/** The application refuses; the system cannot ask. */
const ERRORS = { F: 'ECONNREFUSED', U: 'ENETUNREACH' } as const

/** A round of a check whose tries end as the letters say: P passes, F fails, U could not be asked. */
async function round(
  tries: string,
  retries: number,
  problem = '',
): Promise<readonly [HealthSample, readonly number[]]> {
  const sleeps: number[] = []
  const left = Array.from(tries)
  const real = createNodePlatform()
  const platform = {
    ...real,
    clock: { ...real.clock, sleep: async (ms: number) => void sleeps.push(ms) },
    reach: async () => {
      const code = ERRORS[left.shift() as keyof typeof ERRORS] as string | undefined
      if (code !== undefined) throw new BagboyError('REGISTRY_UNREACHABLE', code, { details: { code } })
    },
  }
  const sample = await runRound(
    aProbe(aTcpCheck('db', 5432, { retries }), { problem }),
    { platform, root: '/' },
    0,
    NEVER,
  )
  return [sample, sleeps]
}

test.each([
  ['P', 2, 'passing', 1],
  ['FP', 2, 'passing', 2],
  ['FFF', 2, 'failing', 3],
  ['FFP', 1, 'failing', 2],
  ['F', 0, 'failing', 1],
  ['UU', 1, 'unknown', 2],
  ['UF', 1, 'failing', 2],
  ['FU', 1, 'failing', 2],
  ['FUU', 2, 'failing', 3],
  ['UFU', 2, 'failing', 3],
  ['FUP', 2, 'passing', 3],
] as const)(
  'tries %s with %i retries make a round %s in %i tries, with a pause before each retry',
  async (tries, retries, verdict, attempts) => {
    const [sample, sleeps] = await round(tries, retries)

    expect(sample).toMatchObject({ verdict, attempts })
    expect(sleeps).toEqual(Array.from({ length: attempts - 1 }, () => 250))
  },
)

test('a check that cannot be asked at all is asked once, and says why', async () => {
  const [sample, sleeps] = await round('P', 2, 'no slot is live')

  expect(sample).toMatchObject({ verdict: 'unknown', attempts: 1, detail: 'no slot is live' })
  expect(sleeps).toEqual([])
})
