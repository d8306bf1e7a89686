import type { SuiteResult, Workshop } from '../workshop.ts'
import type { DrawnMutation } from './draw-sample.ts'
import { mutate } from './find-mutations.ts'

export interface MutantResult extends DrawnMutation {
  readonly verdict: 'killed' | 'survived' | 'out of time' | 'not executed'
  /** The test that failed. */
  readonly by?: string
  readonly seconds: number
  /** Test files that were to be run. */
  readonly tests: number
}

const CONFIG = ['--config', 'test/mutants/sample/vitest.config.ts', '--root', '.']

/** Runs mutants against test files; a failure counts when the same file passes without the mutant. */
export function mutantRunner(
  workshop: Workshop,
  setting: { readonly workers: number; readonly limitMs: number },
): (mutation: DrawnMutation, tests: readonly string[]) => Promise<MutantResult> {
  const health = new Map<string, boolean>()

  const runTests = (tests: readonly string[]): Promise<SuiteResult | undefined> =>
    workshop.runVitest(CONFIG, {
      env: { BAGBOY_MUTANT_TESTS: tests.join(','), BAGBOY_MUTANT_WORKERS: String(setting.workers) },
      limitMs: setting.limitMs,
    })

  const isHealthy = async (test: string): Promise<boolean> => {
    const known = health.get(test) ?? (await runTests([test]))?.isGreen ?? false
    health.set(test, known)
    return known
  }

  return async (mutation, tests) => {
    const startMs = performance.now()
    const finish = (verdict: MutantResult['verdict'], by?: string): MutantResult => ({
      ...mutation,
      verdict,
      ...(by === undefined ? {} : { by }),
      seconds: Math.round((performance.now() - startMs) / 1000),
      tests: tests.length,
    })
    const texts = new Map([[mutation.file, mutate(workshop.read(mutation.file), mutation)]])
    let left = tests.filter((test) => health.get(test) !== false)
    while (left.length > 0) {
      const running = left
      const result = await workshop.withTexts(texts, () => runTests(running))
      if (result === undefined) return finish('out of time')
      if (result.isGreen) return finish('survived')
      const failures = [
        ...result.failed.map(({ file, title }) => ({ file, by: `${file}: ${title}` })),
        ...result.broken.map((file) => ({ file, by: `${file} cannot be loaded` })),
      ]
      for (const { file, by } of failures) if (await isHealthy(file)) return finish('killed', by)
      left = left.filter((test) => health.get(test) !== false)
      if (failures.length === 0 || left.length === running.length) return finish('survived')
    }
    return finish('not executed')
  }
}
