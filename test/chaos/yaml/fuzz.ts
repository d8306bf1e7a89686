import { writeSync } from 'node:fs'
import { BagboyError } from '../../../src/errors/bagboy-error.ts'
import { parseHistory } from '../../../src/history/read/parse-history.ts'
import { readYaml } from '../../../src/yaml/read-yaml.ts'
import { compareParsers } from '../../support/builders/compare-parsers.ts'
import { seededRandom } from '../../support/builders/mutate-text.ts'
import { hostileYaml } from './hostile-yaml.ts'

/**
 * A process that reads one text after the other, each with a number of its own, and says what went wrong and how far it is.
 * Arguments: `hostile` or `parsers`, first number, count.
 */
const [what = 'hostile', first = '1', count = '1'] = process.argv.slice(2)
const SAY_EVERY = 1000
/** As a configuration is read: aliases may stand for something there. */
const CONFIG = { maxBytes: 256 * 1024, numbers: 'yaml', aliasNodes: 1000 } as const
let worstMs = 0

/** Of this thread only: what other programs do meanwhile does not count. */
function cpuMs(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}

function readHostile(seed: number): string | undefined {
  const { kind, text } = hostileYaml(seed, seededRandom(seed))
  const startMs = cpuMs()
  const crash = crashOf(() => parseHistory('history.yml', text)) ?? crashOf(() => readYaml(text, CONFIG))
  const tookMs = (cpuMs() - startMs) / 2
  worstMs = Math.max(worstMs, tookMs)
  if (crash !== undefined) return `${kind}: ${crash}`
  if (tookMs > Number(process.env['SLOW_MS'] ?? 250)) return `${kind}: ${Math.round(tookMs)} ms`
  return 'polluted' in {} || Object.keys(Object.prototype).length > 0
    ? `${kind}: Object.prototype has changed`
    : undefined
}

/** Anything but a refusal that says what is wrong. */
function crashOf(read: () => unknown): string | undefined {
  try {
    read()
    return undefined
  } catch (error) {
    if (error instanceof BagboyError && error.code.startsWith('HISTORY_')) return undefined
    return error instanceof Error ? `${error.name}: ${error.message}` : 'thrown'
  }
}

function compare(seed: number): string | undefined {
  return compareParsers(seed).isWrong ? 'the parsers disagree' : undefined
}

for (let seed = Number(first); seed < Number(first) + Number(count); seed += 1) {
  const wrong = what === 'hostile' ? readHostile(seed) : compare(seed)
  if (wrong !== undefined) writeSync(1, `wrong ${seed} ${wrong}\n`)
  if (seed % SAY_EVERY === 0) writeSync(1, `at ${seed}\n`)
}
writeSync(1, `done ${worstMs}\n`)
