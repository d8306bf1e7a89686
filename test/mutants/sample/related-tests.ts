import { dirname } from 'node:path'
import { distancesFrom, type ModuleGraph } from './module-graph.ts'

export interface Limits {
  /** Of test files without a server, a program or a screen. */
  readonly units: number
  /** Of contracts, scenarios, programs and whole apps. */
  readonly slow: number
}

/** Suites for crashes and networks, and those that test no rule of the product. */
const LEFT_OUT = /^test\/(?:bench|chaos|corruption|hostile|mutants|recordings|servers)\//u
const SLOW = /^test\/(?:app|bin|contract|scenarios)\//u

interface Candidate {
  readonly test: string
  readonly isSlow: boolean
  readonly distance: number
  readonly reach: number
}

/** The test files that execute a source file, the nearest first; of two that are equally near the one that imports less. */
export function relatedTests(graph: ModuleGraph): (file: string, limits: Limits) => readonly string[] {
  const tests = [...graph.keys()]
    .filter((path) => /\.test\.tsx?$/u.test(path) && path.startsWith('test/') && !LEFT_OUT.test(path))
    .map((path) => ({ path, distances: distancesFrom(graph, path) }))
  return (file, { units, slow }) => {
    const candidates = tests
      .flatMap(({ path, distances }): readonly Candidate[] => {
        const distance = distances.get(file)
        if (distance === undefined) return []
        const isMirror = dirname(path) === `test/${dirname(file)}`
        return [
          { test: path, isSlow: SLOW.test(path), distance: distance - (isMirror ? 1.5 : 0), reach: distances.size },
        ]
      })
      .sort((a, b) => a.distance - b.distance || a.reach - b.reach || a.test.localeCompare(b.test))
    const chosen = [
      ...candidates.filter(({ isSlow }) => !isSlow).slice(0, units),
      ...candidates.filter(({ isSlow }) => isSlow).slice(0, slow),
    ]
    return chosen.map(({ test }) => test)
  }
}
