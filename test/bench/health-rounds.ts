import { answerWith, listenOnLoopback } from '../../src/sandbox/servers/loopback-server.ts'
import { runProgram } from '../support/harness/built-program.ts'
import type { Benchmark } from './benchmark.ts'
import { renderTable } from './report.ts'

const CHECKS = 1000
const SECONDS = 60

/** What programs/many-checks.ts prints. */
export interface RoundsFound {
  readonly rounds: number
  /** That began at most 100 ms after their time. */
  readonly inTime: number
  /** That did not pass. */
  readonly failed: number
  readonly p99LateMs: number
  readonly worstLateMs: number
  /** 1 = one core, all of the time. */
  readonly cores: number
  readonly rssMb: number
}

export const healthRounds: Benchmark = {
  name: 'health-rounds',
  title: 'A thousand health checks',
  about: [
    `${CHECKS} HTTP checks of a server in another process, once a second each for ${SECONDS} s, in one process: the whole watch, with`,
    'its decision after every round. A round that is left out because the one before went on counts as one that did not',
    'start in time, and so does one whose answer came after the end. Time and memory are those of the process,',
    'its start left out.',
  ].join('\n'),
  run: measureRounds,
}

async function measureRounds(): Promise<string> {
  const server = await listenOnLoopback(answerWith(() => ({ status: 200, body: 'ok' })))
  const program = new URL('programs/many-checks.ts', import.meta.url).pathname
  const done = await runProgram(program, [server.url, String(CHECKS), String(SECONDS)])
  await server.close()
  // Warnings of the runtime too, such as those about too many listeners.
  if (done.exitCode !== 0 || done.stderr !== '')
    throw new Error(`${program} ended with ${done.exitCode}: ${done.stderr}`)
  const found: RoundsFound = JSON.parse(done.stdout)
  if (found.failed > 0) throw new Error(`${found.failed} of ${found.rounds} rounds failed`)
  return table(found)
}

function table({ rounds, inTime, p99LateMs, worstLateMs, cores, rssMb }: RoundsFound): string {
  const planned = CHECKS * SECONDS
  const late = `99th percentile ${Math.round(p99LateMs)} ms late, worst ${Math.round(worstLateMs)} ms`
  return renderTable([
    ['Goal', 'What', 'Found', 'In numbers', 'Aim'],
    [
      'E10',
      'rounds that start within 100 ms of their time',
      percent(inTime / planned),
      `${rounds} of ${planned} rounds; ${late}`,
      '≥ 99.5 %',
    ],
    ['E10', 'of one core', percent(cores), `${Math.round(rssMb)} MB of memory`, '≤ 50 %'],
  ])
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`
}
