import { setTimeout as sleep } from 'node:timers/promises'
import { createSandbox } from '../../../src/sandbox/create-sandbox.ts'
import { builtProgram } from '../../support/harness/built-program.ts'
import type { Benchmark, Row } from '../benchmark.ts'
import { bundleProgram } from './bundle.ts'
import { quantile, timingOf, type Timing } from '../measure.ts'
import { FRAME_END, startOnTerminal, type TerminalProgram } from './terminal-program.ts'

const DOWN = '\u001B[B'
const UP = '\u001B[A'
const KEY_COUNT = 120
/** The first ones compile the code that the others run. */
const WARM_UP_COUNT = 20
/** Longer than a frame of either program, so that no key waits for the frame of the one before. */
const PAUSE_MS = 60
const QUIET_MS = 2000

export const keyToFrame: Benchmark = {
  name: 'key-to-frame',
  title: 'Key to frame',
  about: [
    `An arrow key in the list of the app, and the same key in K1, an Ink program of 80x24 in which one line changes:`,
    `from writing the key to a pseudo-terminal until the end of the frame is read from it. ${KEY_COUNT - WARM_UP_COUNT} keys each, in turn;`,
    'the times are the median and the 95th percentile.',
  ].join('\n'),
  run: measureKeys,
}

async function measureKeys(): Promise<readonly Row[]> {
  const app = builtProgram('bagboy-tui')
  const counter = await bundleProgram('ink-counter.tsx')
  const sandbox = await createSandbox()
  const list = startOnTerminal([app], { cwd: sandbox.root, env: sandbox.env })
  const bare = startOnTerminal([counter])
  try {
    await list.sees('the history', (output) => output.includes(sandbox.versions.bad))
    await bare.sees('a frame', (output) => output.includes(FRAME_END))
    await Promise.all([quiet(list), quiet(bare)])
    const [moves, counts]: [number[], number[]] = [[], []]
    for (let count = 0; count < KEY_COUNT; count += 1) {
      // To and fro, so that the list neither ends nor scrolls.
      const key = count % 16 < 8 ? DOWN : UP
      const durations = [await press(list, key, '▶'), await press(bare, key, '')] as const
      if (count < WARM_UP_COUNT) continue
      moves.push(durations[0])
      counts.push(durations[1])
    }
    const row = { goal: 'P6', ratio: 'of' } as const
    return [
      {
        ...row,
        what: 'list row move, median',
        ours: percentile(moves, 0.5),
        against: 'K1: bare Ink',
        other: percentile(counts, 0.5),
        aim: '≤ 4',
      },
      {
        ...row,
        what: 'list row move, 95th percentile',
        ours: percentile(moves, 0.95),
        against: 'K1: bare Ink',
        other: percentile(counts, 0.95),
        aim: '≤ 10',
      },
    ]
  } finally {
    await Promise.all([list.kill(), bare.kill()])
    await sandbox.close()
  }
}

/** Until nothing has been written for a while: what was read at the start is on the screen. */
async function quiet(program: TerminalProgram): Promise<void> {
  let seen = -1
  while (program.output().length !== seen) {
    seen = program.output().length
    await sleep(QUIET_MS)
  }
}

/** @returns how long it took until a frame with `mark` in it ended, in ms */
async function press(program: TerminalProgram, key: string, mark: string): Promise<number> {
  await sleep(PAUSE_MS)
  const before = program.output().length
  const startedMs = performance.now()
  program.write(key)
  await program.sees('a frame', (output) => {
    const place = output.indexOf(mark, before)
    return place >= 0 && output.includes(FRAME_END, place)
  })
  return performance.now() - startedMs
}

function percentile(durationsMs: readonly number[], share: number): Timing {
  return { ...timingOf(durationsMs), medianMs: quantile(durationsMs, share) }
}
