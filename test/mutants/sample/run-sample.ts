import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { openWorkshop } from '../workshop.ts'
import { AREAS } from './areas.ts'
import { drawSample, type DrawnMutation } from './draw-sample.ts'
import { moduleGraph } from './module-graph.ts'
import { relatedTests } from './related-tests.ts'
import { mutantRunner, type MutantResult } from './run-mutant.ts'
import { sampleReport } from './sample-report.ts'
import { typeChecker } from './type-check.ts'

const OPTIONS = {
  sample: { type: 'string', default: '200' },
  seed: { type: 'string', default: '1' },
  /** Repeatable; every area when absent. */
  area: { type: 'string', multiple: true },
  /** Test files of each mutant, the nearest ones. */
  units: { type: 'string', default: '40' },
  slow: { type: 'string', default: '6' },
  workers: { type: 'string', default: '1' },
  /** Seconds after which a mutant is out of time. */
  limit: { type: 'string', default: '600' },
  out: { type: 'string', default: 'mutants.json' },
  /** Ends after this many minutes; the same command goes on where it ended. */
  minutes: { type: 'string', default: 'Infinity' },
} as const

/** What a stopped run is resumed from. */
const savedRun = z.object({ commit: z.string(), seed: z.number(), results: z.array(z.custom<MutantResult>()) })

function commitOfSources(): string {
  return execFileSync('git', ['rev-parse', 'HEAD'], { encoding: 'utf8' }).trim()
}

function resultsOf(path: string, commit: string, seed: number): MutantResult[] {
  if (!existsSync(path)) return []
  const saved = savedRun.parse(JSON.parse(readFileSync(path, 'utf8')))
  return saved.commit === commit && saved.seed === seed ? saved.results : []
}

function nameOf({ file, start, kind }: DrawnMutation): string {
  return `${file}:${start}:${kind}`
}

/** `npm run test:mutants -- --sample 200 [--seed N] [--area NAME]...`: random mutants against the tests that execute them. */
export async function runSample(argv: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...argv], options: OPTIONS })
  const areas = values.area ?? Object.keys(AREAS)
  const seed = Number(values.seed)
  const untilMs = performance.now() + Number(values.minutes) * 60_000
  const commit = commitOfSources()
  const results = resultsOf(values.out, commit, seed)
  const workshop = openWorkshop()
  try {
    const graph = moduleGraph()
    const testsOf = relatedTests(graph)
    const limits = { units: Number(values.units), slow: Number(values.slow) }
    const runMutant = mutantRunner(workshop, { workers: Number(values.workers), limitMs: Number(values.limit) * 1000 })
    const perArea = Math.ceil(Number(values.sample) / areas.length)
    const sample = await drawSample({ areas, perArea, seed }, typeChecker(workshop, graph))
    console.error(`${sample.length} mutants of ${commit.slice(0, 8)}, seed ${seed}`)
    const known = new Set(results.map(nameOf))
    for (const [index, mutation] of sample.entries()) {
      if (performance.now() > untilMs) break
      if (known.has(nameOf(mutation))) continue
      const result = await runMutant(mutation, testsOf(mutation.file, limits))
      results.push(result)
      writeFileSync(values.out, `${JSON.stringify({ commit, seed, ...limits, results }, undefined, 1)}\n`)
      const { verdict, file, line, kind, seconds } = result
      console.error(`${index + 1} ${verdict}, ${seconds} s: ${file}:${line} ${kind}`)
    }
  } finally {
    workshop.close()
  }
  console.log(sampleReport(results))
}
