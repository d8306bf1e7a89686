import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { aDeadHolder } from '../support/engine/dead-holder.ts'
import { createGitTap } from '../support/releases/git-tap.ts'
import { printFigure } from '../support/servers/print-figure.ts'
import { startContender, type Contender } from '../support/processes/start-contender.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { isExhaustive } from '../support/effort.ts'

const CONTENDERS = 8
/** A hundred more are run with every test of the lock. */
const FOLDER_ROUNDS = isExhaustive ? 1000 : 10
const REMOTE_ROUNDS = isExhaustive ? 500 : 20

async function contenders(): Promise<readonly Contender[]> {
  const started = await Promise.all(Array.from({ length: CONTENDERS }, startContender))
  onTestFinished(async () => {
    await Promise.all(started.map((contender) => contender.kill()))
  })
  return started
}

describe(`${CONTENDERS} processes that want one lock at once`, () => {
  test(
    `after its holder has died exactly one gets it, ${FOLDER_ROUNDS} rounds`,
    { timeout: 30_000 + FOLDER_ROUNDS * 3000 },
    async () => {
      const all = await contenders()
      const folder = temporaryFolder('lock-races')

      for (let round = 0; round < FOLDER_ROUNDS; round += 1) {
        const locks = join(folder, String(round))
        const dead = aDeadHolder(locks)

        const answers = await Promise.all(all.map((contender) => contender.ask(`acquire ${locks}`)))

        expect(answers.filter((answer) => answer !== 'LOCKED')).toEqual([`held ${dead + 1}`])
      }
      printFigure('6', `0 double holders in ${FOLDER_ROUNDS} rounds of ${CONTENDERS} over a dead one`)
    },
  )

  test(
    `on a git remote exactly one gets it, ${REMOTE_ROUNDS} rounds`,
    { timeout: 30_000 + REMOTE_ROUNDS * 15_000 },
    async () => {
      const all = await contenders()
      const remote = createGitTap(join(temporaryFolder('lock-races'), 'app.git'))
      remote.commit({ README: 'the project\n' })

      for (let round = 1; round <= REMOTE_ROUNDS; round += 1) {
        const answers = await Promise.all(all.map((contender) => contender.ask(`acquire git:${remote.folder}`)))
        const winner = answers.findIndex((answer) => answer !== 'LOCKED')

        expect(answers.filter((answer) => answer !== 'LOCKED')).toEqual([`held ${round}`])
        await all[winner]?.ask(`release git:${remote.folder}`)
      }
      printFigure('6', `0 double holders in ${REMOTE_ROUNDS} rounds of ${CONTENDERS} on a git remote`)
    },
  )
})
