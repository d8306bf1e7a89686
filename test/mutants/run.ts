import { MUTANTS, type Mutant, type Suite } from './mutants.ts'
import { runSample } from './sample/run-sample.ts'
import { openWorkshop, type SuiteResult, type Workshop } from './workshop.ts'

function suiteName({ file, only }: Suite): string {
  return only === undefined ? file : `${file} -t "${only}"`
}

/** By what it is called with: several mutants share one. */
async function healthOf(workshop: Workshop, mutants: readonly Mutant[]): Promise<ReadonlyMap<string, SuiteResult>> {
  const suites = new Map(mutants.map(({ suite }) => [JSON.stringify(suite), suite]))
  const health = new Map<string, SuiteResult>()
  for (const [key, suite] of suites) {
    const result = await workshop.run(suite, [])
    console.error(
      `${suiteName(suite)}: ${result.isGreen ? 'passes' : 'FAILS'} without a mutant, ${Math.round(result.seconds)} s`,
    )
    health.set(key, result)
  }
  return health
}

function verdict(health: SuiteResult | undefined, { failed, broken }: SuiteResult): string {
  if (health?.isGreen !== true) return 'NO: the suite fails without it'
  if (broken.length > 0) return 'NO: the suite could not be loaded'
  return failed.length > 0 ? 'yes' : 'NO'
}

function row({ number, name, suite }: Mutant, caught: string, { failed, seconds }: SuiteResult): string {
  return `| ${number} | ${name} | \`${suiteName(suite)}\` | ${caught} | ${failed[0]?.title ?? ''} | ${Math.round(seconds)} s |`
}

/**
 * `npm run test:mutants [NUMBER...]`: puts each seeded bug into a copy of the sources and runs the suite that must find it,
 * after the same suite has passed without the bug. Ends with 1 unless every one was found.
 */
async function runSeeded(wanted: readonly number[]): Promise<void> {
  const mutants = MUTANTS.filter(({ number }) => wanted.length === 0 || wanted.includes(number))
  const workshop = openWorkshop()
  let caughtCount = 0
  try {
    const health = await healthOf(workshop, mutants)
    const rows: string[] = []
    for (const mutant of mutants) {
      const result = await workshop.run(mutant.suite, mutant.changes)
      const caught = verdict(health.get(JSON.stringify(mutant.suite)), result)
      if (caught === 'yes') caughtCount += 1
      console.error(`mutant ${mutant.number}: ${caught}; ${result.failed[0]?.found ?? 'nothing was found'}`)
      rows.push(row(mutant, caught, result))
    }
    console.log(
      ['| | Mutant | Suite | Caught | By | Time |', '| --- | --- | --- | --- | --- | --- |', ...rows].join('\n'),
    )
  } finally {
    workshop.close()
  }
  console.log(`\nrow 9: ${caughtCount} of ${mutants.length} mutants caught`)
  process.exitCode = caughtCount === mutants.length ? 0 : 1
}

const argv = process.argv.slice(2)
if (argv.includes('--sample')) await runSample(argv)
else await runSeeded(argv.map(Number))
