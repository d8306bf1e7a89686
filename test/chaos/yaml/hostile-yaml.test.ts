import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { bundleProgram } from '../../support/harness/bundle-program.ts'
import { printFigure } from '../../support/servers/print-figure.ts'
import { isExhaustive, SEED } from '../../support/effort.ts'

const HOSTILE = isExhaustive ? 1_000_000 : 10_000
const PARSERS = isExhaustive ? 1_000_000 : 0
/** The first of the texts. A failure names the one it is about. */
const FIRST = SEED * 1_000_000
/** At the same time. */
const PROCESSES = 2
/** A thousand texts take a second or two; this long without a word is a hang. */
const SILENCE_MS = 60_000

interface Fuzzed {
  readonly wrong: readonly string[]
  /** Of CPU time, for one text. */
  readonly worstMs: number
}

async function fuzz(what: 'hostile' | 'parsers', total: number): Promise<Fuzzed> {
  const program = await bundleProgram(join(import.meta.dirname, 'fuzz.ts'))
  const share = Math.ceil(total / PROCESSES)
  const parts = await Promise.all(
    Array.from({ length: PROCESSES }, (_, index) => fuzzPart(program, what, FIRST + index * share, share)),
  )
  return { wrong: parts.flatMap(({ wrong }) => wrong), worstMs: Math.max(...parts.map(({ worstMs }) => worstMs)) }
}

function fuzzPart(program: string, what: string, first: number, count: number): Promise<Fuzzed> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, what, String(first), String(count)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const wrong: string[] = []
    let [rest, last, worstMs] = ['', first, Number.NaN]
    let watchdog = setTimeout(() => child.kill('SIGKILL'), SILENCE_MS)
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      clearTimeout(watchdog)
      watchdog = setTimeout(() => child.kill('SIGKILL'), SILENCE_MS)
      const lines = (rest + chunk).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) {
        const [word, number, ...words] = line.split(' ')
        if (word === 'wrong') wrong.push(`text ${number}: ${words.join(' ')}`)
        if (word === 'at') last = Number(number)
        if (word === 'done') worstMs = Number(number)
      }
    })
    child.on('error', reject)
    child.on('close', (code, signal) => {
      clearTimeout(watchdog)
      if (code === 0 && !Number.isNaN(worstMs)) return resolve({ wrong, worstMs })
      const how = signal === 'SIGKILL' ? 'hung' : `ended with ${signal ?? code}`
      resolve({ wrong: [...wrong, `a process ${how} behind text ${last}`], worstMs })
    })
  })
}

test(
  `${HOSTILE} malformed and hostile histories from ${FIRST} on: no crash, none takes long, none changes an object of ours`,
  { timeout: 7_200_000 },
  async () => {
    const { wrong, worstMs } = await fuzz('hostile', HOSTILE)

    expect(wrong, 'read one again: node test/chaos/yaml/fuzz.ts hostile NUMBER 1').toEqual([])
    expect(worstMs).toBeGreaterThan(0)
    printFigure(
      '10',
      `${HOSTILE} texts: 0 crashes, 0 over 250 ms, the worst took ${Math.round(worstMs)} ms of CPU time`,
    )
  },
)

test.runIf(PARSERS > 0)(
  `${PARSERS} mutated files from ${FIRST} on: the fast parser agrees with the full one or declines`,
  { timeout: 7_200_000 },
  async () => {
    const { wrong } = await fuzz('parsers', PARSERS)

    expect(wrong, 'compare one again: node test/chaos/yaml/fuzz.ts parsers NUMBER 1').toEqual([])
    printFigure('11', `${PARSERS} files: 0 disagreements`)
  },
)
