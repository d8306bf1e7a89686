import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createNodeFiles } from '../../../src/platform/node/files/files.ts'
import { bundleProgram } from '../../support/harness/bundle-program.ts'
import { failpointNames } from '../../support/harness/failpoint-names.ts'
import { printFigure } from '../../support/servers/print-figure.ts'
import { PROTOCOLS } from './index.ts'
import { preparedFolders, type Protocol } from './protocol.ts'
import { isExhaustive, SEED } from '../../support/effort.ts'

/** Without `BAGBOY_CHAOS=all` one failpoint in so many is tried. */
const SAMPLE = isExhaustive ? 1 : 9
/** Only a whole run or deploy comes by them: test/chaos/failpoint-sweep.test.ts, nested-kills.test.ts and test/scenarios/deploy/deploy-kills.test.ts kill there. */
const ELSEWHERE = /^(?:deploy:|effect:|run:adopted|run:finishing)/u

interface Lived {
  readonly signal: string | null
  readonly acknowledged: readonly string[]
  readonly points: readonly string[]
}

function live(program: string, folder: string, protocol: Protocol, killAt: number): Lived {
  const ended = spawnSync(process.execPath, [program, folder, protocol.name, String(killAt)], { encoding: 'utf8' })
  if (ended.signal === null && ended.status !== 0) throw new Error(ended.stderr)
  const said = (word: string) =>
    ended.stdout.split('\n').flatMap((line) => (line.startsWith(`${word} `) ? [line.slice(word.length + 1)] : []))
  return { signal: ended.signal, acknowledged: said('told'), points: said('point') }
}

test(
  `SIGKILL at every failpoint of everything that is written costs nothing that was acknowledged (seed ${SEED})`,
  { timeout: 3_000_000 },
  async () => {
    const program = await bundleProgram(join(import.meta.dirname, 'life.ts'))
    const met = new Set<string>()
    let killCount = 0

    for (const protocol of PROTOCOLS) {
      const newFolder = await preparedFolders(protocol)
      const { points } = live(program, newFolder(), protocol, 0)
      for (const point of points) met.add(point)
      for (let killAt = 1 + (SEED % SAMPLE); killAt <= points.length; killAt += SAMPLE) {
        const place = `${protocol.name}, killed at ${killAt}, ${points[killAt - 1]}`
        const folder = newFolder()
        const { signal, acknowledged } = live(program, folder, protocol, killAt)
        expect(signal, place).toBe('SIGKILL')
        expect(await protocol.check(createNodeFiles(), folder, acknowledged), place).toEqual([])
        killCount += 1
      }
    }

    expect(failpointNames().filter((name) => !met.has(name) && !ELSEWHERE.test(name))).toEqual([])
    printFigure('1', `${killCount} kills in ${PROTOCOLS.length} protocols: 0 histories, journals or locks lost`)
  },
)
