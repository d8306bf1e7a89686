import { builtProgram } from '../../support/harness/built-program.ts'
import { clientOutput } from '../../support/processes/run-client.ts'
import type { Benchmark, Row } from '../benchmark.ts'
import { elapsed, measureRounds } from '../measure.ts'

export const startUp: Benchmark = {
  name: 'start-up',
  title: 'Version and help',
  about: 'The whole process, without a terminal. N0 is `node -e 0`: what Node itself needs.',
  run: measureStart,
}

async function measureStart(): Promise<readonly Row[]> {
  const program = builtProgram('bagboy-tui')
  const node = (...args: readonly string[]) => ({ run: () => elapsed(() => clientOutput(process.execPath, args)) })
  const { version, help, nothing } = await measureRounds({
    version: node(program, '--version'),
    help: node(program, 'rollback', '--help'),
    nothing: node('-e', '0'),
  })
  const row = { goal: 'P1', against: 'N0', other: nothing, ratio: 'of', aim: '≤ 1.25' } as const
  return [
    { ...row, what: '`bagboy-tui --version`', ours: version },
    { ...row, what: '`bagboy-tui rollback --help`', ours: help },
  ]
}
