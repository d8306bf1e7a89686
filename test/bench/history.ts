import { join } from 'node:path'
import { clientOutput } from '../support/run-client.ts'
import type { Benchmark } from './benchmark.ts'

const SCRIPT = join(import.meta.dirname, 'history-scale.ts')

export const history: Benchmark = {
  name: 'history-scale',
  title: 'Length of the history',
  about: [
    'Opening a history of full deployments in a fresh process (cold) and again, and committing to it. Beside it the',
    'parsing of the same data as JSON, and the disk: one new file and the whole history written and synced.',
  ].join('\n'),
  run: async () => (await clientOutput(process.execPath, [SCRIPT], { timeoutMs: 300_000 })).trimEnd(),
}
