import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

/** One project of the suite: the files of these folders. */
function project(name: string, folders: readonly string[]) {
  return {
    extends: true as const,
    test: { name, include: folders.map((folder) => `test/${folder}*.test.{ts,tsx}`) },
  }
}

export default defineConfig({
  test: {
    globalSetup: ['test/support/temporary-root.ts'],
    // Half of the time is waiting for real servers: one worker leaves a small machine idle.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: ['default', './test/support/harness/slowest-files.ts'],
    projects: [
      // Rules, on their own: no server, no program of another party, no whole app. Each file has its own modules: Ink picks
      // its colours when it is loaded, and screens are compared with them.
      project('unit', [
        '{architecture,docs,repeatable,repository}',
        'src/**/',
        'store/**/',
        'components/**/',
        'mutants/**/',
      ]),
      // Drivers, providers and the platform against real servers and real programs.
      project('contract', ['contract/**/', 'support/**/']),
      // What an operator does, from the command line, against a whole project.
      project('scenario', ['failpoints', 'scenarios/**/', 'bin/**/', 'bench/**/', 'recordings/**/']),
      // The app in a terminal emulator.
      project('app', ['app/**/']),
      // Crashes, damage and hostile input.
      project('chaos', ['chaos/**/', 'corruption/**/', 'hostile/**/']),
    ],
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts', 'store/**/*.ts', 'components/**/*.{ts,tsx}'],
      reporter: ['text-summary', 'json-summary'],
      thresholds: { lines: 85 },
    },
  },
})
