import { BaseSequencer, type TestSpecification } from 'vitest/node'
import { defineConfig } from 'vitest/config'

const files = (process.env['BAGBOY_MUTANT_TESTS'] ?? '').split(',')

/** The test files in the order in which they are given: the nearest to the mutant first. */
class GivenOrder extends BaseSequencer {
  override async sort(specifications: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification): number => files.findIndex((file) => moduleId.endsWith(`/${file}`))
    return specifications.sort((a, b) => place(a) - place(b))
  }
}

export default defineConfig({
  test: {
    include: files,
    globalSetup: ['test/support/temporary-root.ts'],
    maxWorkers: Number(process.env['BAGBOY_MUTANT_WORKERS'] ?? 1),
    testTimeout: 60_000,
    hookTimeout: 60_000,
    sequence: { sequencer: GivenOrder },
  },
})
