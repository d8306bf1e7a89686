import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { startContender, type Contender } from '../../support/processes/start-contender.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { aDeadHolder } from '../../support/engine/dead-holder.ts'

const CONTENDERS = 8
const ROUNDS = 100

const started: Contender[] = []

afterEach(async () => {
  for (const contender of started.splice(0)) {
    if (contender.process.exitCode === null && contender.process.signalCode === null) await contender.kill()
  }
})

async function start(): Promise<Contender> {
  const contender = await startContender()
  started.push(contender)
  return contender
}

describe('contending processes', () => {
  it(
    `hand the lock of a dead holder to exactly one of ${CONTENDERS}, in ${ROUNDS} rounds`,
    { timeout: 120_000 },
    async () => {
      const contenders = await Promise.all(Array.from({ length: CONTENDERS }, start))
      const folder = temporaryFolder('contention')

      for (let round = 0; round < ROUNDS; round += 1) {
        const locks = join(folder, String(round))
        const dead = aDeadHolder(locks)

        const answers = await Promise.all(contenders.map((contender) => contender.ask(`acquire ${locks}`)))

        expect(answers.filter((answer) => answer.startsWith('held'))).toEqual([`held ${dead + 1}`])
        expect(answers.filter((answer) => answer === 'LOCKED')).toHaveLength(CONTENDERS - 1)
      }
    },
  )

  it('take over from a holder that was killed, the first time they ask', async () => {
    const [first, second] = [await start(), await start()]
    const folder = join(temporaryFolder('contention'), 'locks')
    expect(await first.ask(`acquire ${folder}`)).toBe('held 1')
    expect(await second.ask(`acquire ${folder}`)).toBe('LOCKED')

    await first.kill()
    const answer = await second.ask(`acquire ${folder}`)

    expect(answer).toBe('held 2')
  })

  it('do not take it from one that is only stopped, and fence it when it is broken meanwhile', async () => {
    const [paused, other] = [await start(), await start()]
    const folder = temporaryFolder('contention')

    for (let round = 0; round < 25; round += 1) {
      const locks = join(folder, String(round))
      await paused.ask(`acquire ${locks}`)

      paused.process.kill('SIGSTOP')
      const whileAlive = await other.ask(`acquire ${locks}`)
      const answers = [await other.ask(`break ${locks}`), await other.ask(`acquire ${locks}`)]
      paused.process.kill('SIGCONT')
      const woken = [await paused.ask(`assert ${locks}`), await paused.ask(`release ${locks}`)]

      expect([whileAlive, ...answers]).toEqual(['LOCKED', 'broken 1', 'held 3'])
      expect(woken).toEqual(['LOCK_LOST', 'released'])
      expect(await other.ask(`assert ${locks}`)).toBe('ours')
    }
  })

  it('pass it on one after another', async () => {
    const contenders = await Promise.all(Array.from({ length: 4 }, start))
    const folder = join(temporaryFolder('contention'), 'locks')

    const epochs: string[] = []
    for (let turn = 0; turn < 12; turn += 1) {
      for (const contender of contenders.slice(turn % 4, (turn % 4) + 1)) {
        epochs.push(await contender.ask(`acquire ${folder}`))
        await contender.ask(`release ${folder}`)
      }
    }

    expect(epochs).toEqual(Array.from({ length: 12 }, (_, index) => `held ${index + 1}`))
  })
})
