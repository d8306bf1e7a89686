import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createNodePlatform } from '../../../../src/platform/node/create-platform.ts'
import { eagerPlatform } from '../../../support/clocks/eager-platform.ts'
import { COMMANDS, type Command } from './commands.ts'
import { createTwoEnvironments, type Name } from './two-environments.ts'
import { isExhaustive } from '../../../support/effort.ts'

const NAMES: readonly Name[] = ['production', 'staging']

interface Act {
  readonly name: Name
  readonly command: Command
}

/** A thousand with `BAGBOY_CHAOS=all`; of each kind this many are carried out at least. */
const [COUNT, FEWEST, TOGETHER] = isExhaustive ? [1000, 10, 60] : [200, 2, 20]

/** The same every time, each for one of the two environments. */
const ACTS: readonly Act[] = fc.sample(
  fc.record({ name: fc.constantFrom(...NAMES), command: fc.constantFrom(...COMMANDS) }),
  { numRuns: COUNT, seed: 20_260_201 },
)

describe('two environments in one history file', () => {
  test(`${COUNT} commands of both: none names, moves or prunes what is of the other`, async () => {
    const { play } = await createTwoEnvironments(eagerPlatform())
    const violations: string[] = []
    const done = new Map<string, number>()

    for (const [at, { name, command }] of ACTS.entries()) {
      const { wrong, isDone } = await play(name, command)
      violations.push(...wrong.map((text) => `${at} ${command} in ${name}: ${text}`))
      if (isDone) done.set(command, (done.get(command) ?? 0) + 1)
    }

    expect(violations).toEqual([])
    // Each of them did what it is for, and often enough.
    expect(COMMANDS.filter((command) => (done.get(command) ?? 0) < FEWEST)).toEqual([])
  }, 300_000)

  test('commands of both at the same time keep both whole', async () => {
    const { play, check } = await createTwoEnvironments(createNodePlatform())
    const rounds = ACTS.slice(0, TOGETHER).map(
      ({ command }, at) => [command, ACTS[at + COUNT / 2]?.command ?? command] as const,
    )

    const violations: string[] = []
    for (const [one, other] of rounds) {
      await Promise.all([play('production', one, 'together'), play('staging', other, 'together')])
      violations.push(...(await check()))
    }

    expect(violations).toEqual([])
  }, 120_000)
})
