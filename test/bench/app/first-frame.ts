import { join } from 'node:path'
import { createSandbox } from '../../../src/sandbox/create-sandbox.ts'
import { builtProgram } from '../../support/harness/built-program.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import type { Benchmark, Row } from '../benchmark.ts'
import { bundleProgram, writeUnbundled } from './bundle.ts'
import { measureRounds, type Contestant } from '../measure.ts'
import { writeLongProject } from '../history/long-project.ts'
import { FRAME_END, startOnTerminal } from './terminal-program.ts'

const CTRL_C = '\u0003'

export const firstFrame: Benchmark = {
  name: 'first-frame',
  title: 'First frame',
  about: [
    'From the start of the process until a pseudo-terminal of 80x24 has got a whole frame. The app opens a project with',
    '32 deployments; its first frame has everything but the history, which is read in the worker meanwhile. F0 is a',
    'script that writes one word; F1 is Ink painting one word, bundled and cached as the app is. The eager start loads',
    'the same sources file by file, all of them, before it begins.',
  ].join('\n'),
  run: measureFrames,
}

async function measureFrames(): Promise<readonly Row[]> {
  const app = builtProgram('bagboy-tui')
  const [hello, eager] = await Promise.all([bundleProgram('ink-hello.tsx'), writeUnbundled()])
  const sandbox = await createSandbox()
  try {
    const { bad } = sandbox.versions
    const cache = temporaryFolder('compile-cache')
    const env = { ...sandbox.env, XDG_CACHE_HOME: cache, BENCH_COMPILE_CACHE: join(cache, 'hello') }
    const opening = (
      file: string,
      isThere: (output: string) => boolean,
      { leaveWith = CTRL_C, cwd = sandbox.root } = {},
    ): Contestant => ({
      run: async () => {
        const program = startOnTerminal([file], { cwd, env })
        const durationMs = await program.sees('the frame', isThere)
        await program.leave(leaveWith)
        return durationMs
      },
    })
    const hasWord = (output: string) => output.includes('hello')
    const hasWordFrame = (output: string) => hasWord(output) && output.includes(FRAME_END)
    const hasFrame = (output: string) => output.includes('quit') && output.includes(FRAME_END)
    const shows = (version: string) => (output: string) =>
      output.includes(version) && output.includes(FRAME_END, output.indexOf(version))
    const [long, longer] = [writeLongProject(1000), writeLongProject(10_000)]
    const timings = await measureRounds({
      f0: opening(join(import.meta.dirname, '../programs/first-write.js'), hasWord, { leaveWith: '' }),
      f1: opening(hello, hasWordFrame, { leaveWith: '' }),
      frame: opening(app, hasFrame),
      history: opening(app, shows(bad)),
      long: opening(app, shows(long.newest), { cwd: long.root }),
      longer: opening(app, shows(longer.newest), { cwd: longer.root }),
      eager: opening(eager, hasFrame),
    })
    const { f0, f1, frame, history, eager: slow } = timings
    const p3 = { goal: 'P3', against: 'F1: bare Ink', other: f1, aim: '≤ 2.3', ratio: 'of' } as const
    const row = { goal: 'P2', what: 'first frame', ours: frame, ratio: 'of' } as const
    return [
      { ...row, against: 'F1: bare Ink', other: f1, aim: '≤ 1.7' },
      { ...row, against: 'F0: bare script', other: f0, aim: '≤ 5.5' },
      { ...p3, what: 'newest of 32 deployments on screen', ours: history },
      { ...p3, what: 'newest of 1,000 deployments on screen', ours: timings.long },
      {
        goal: 'P4',
        what: 'newest of 10,000 deployments on screen',
        ours: timings.longer,
        against: 'newest of 1,000',
        other: timings.long,
        ratio: 'of',
        aim: '≤ 1.3',
      },
      { ...row, goal: 'P5', against: 'eager start without a bundle', other: slow, aim: '≤ 0.35' },
    ]
  } finally {
    await sandbox.close()
  }
}
