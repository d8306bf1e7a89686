import { distancesFrom, type ModuleGraph } from './module-graph.ts'
import { mutate } from './find-mutations.ts'
import type { DrawnMutation } from './draw-sample.ts'
import type { Workshop } from '../workshop.ts'

/** Those of the mutations, each of another file, that the compiler accepts. */
export type TypeCheck = (batch: readonly DrawnMutation[]) => Promise<readonly DrawnMutation[]>

const ERROR = /^(?<file>[^\s(]+)\(\d+,\d+\): error (?<code>TS\d+)/gmu
/** Unused names, unreachable code: refused by our rules, yet code that runs. */
const HARMLESS = new Set(['TS6133', 'TS6192', 'TS6196', 'TS6198', 'TS7027', 'TS7030'])

/** All of the batch at once; what an error stands in, or what is nearest to it, is taken out until none is left. */
export function typeChecker(workshop: Workshop, graph: ModuleGraph): TypeCheck {
  return async (batch) => {
    let left = batch
    while (left.length > 0) {
      const texts = new Map(left.map((mutation) => [mutation.file, mutate(workshop.read(mutation.file), mutation)]))
      const printed = await workshop.withTexts(texts, () =>
        workshop.start(['node_modules/.bin/tsc', '--noEmit', '--incremental', '--tsBuildInfoFile', '.tsbuildinfo'], {}),
      )
      const wrong = [...printed.output.matchAll(ERROR)]
        .filter(({ groups }) => !HARMLESS.has(groups?.['code'] ?? ''))
        .map(({ groups }) => groups?.['file'] ?? '')
      if (wrong.length === 0) break
      const blamed = new Set(wrong.flatMap((file) => culprits(graph, file, texts)))
      if (blamed.size === 0) throw new Error(`the compiler refuses what no mutation touches: ${printed.output}`)
      left = left.filter(({ file }) => !blamed.has(file))
    }
    return left
  }
}

function culprits(graph: ModuleGraph, file: string, changed: ReadonlyMap<string, string>): readonly string[] {
  const near = [...distancesFrom(graph, file)].filter(([path]) => changed.has(path))
  const least = Math.min(...near.map(([, distance]) => distance))
  return near.filter(([, distance]) => distance === least).map(([path]) => path)
}
