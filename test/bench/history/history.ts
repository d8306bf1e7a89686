import { join } from 'node:path'
import { clientOutput } from '../../support/processes/run-client.ts'
import type { Benchmark } from '../benchmark.ts'

const SCRIPT = join(import.meta.dirname, 'history-scale.ts')

export const history: Benchmark = {
  name: 'history-scale',
  title: 'Length of the history',
  about: [
    'Opening a history of full deployments, each time in a fresh process: the newest 50 of it, which is what the app',
    'shows first; a glance through the index that the last commit left; the whole file without one (cold), also as a',
    'multiple of parsing the same data as JSON. Then commits to it, and what the disk alone takes for one: a new file',
    'and the whole history, written and synced. Times in ms, memory (the highest of the process) in MB.',
  ].join('\n'),
  run: async () => (await clientOutput(process.execPath, [SCRIPT], { timeoutMs: 300_000 })).trimEnd(),
}
