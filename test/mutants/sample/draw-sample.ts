import { readFileSync } from 'node:fs'
import { seededRandom } from '../../support/builders/mutate-text.ts'
import { sourceFiles } from '../../support/harness/source-files.ts'
import { areaOf } from './areas.ts'
import { findMutations, type Mutation } from './find-mutations.ts'
import type { TypeCheck } from './type-check.ts'

export interface DrawnMutation extends Mutation {
  readonly area: string
}

/**
 * The same number of mutations of each area, every place of the area equally likely, the same ones for the same sources and
 * seed. What the compiler refuses is no mutant: another one is drawn.
 */
export async function drawSample(
  request: { readonly areas: readonly string[]; readonly perArea: number; readonly seed: number },
  check: TypeCheck,
): Promise<readonly DrawnMutation[]> {
  const queues = new Map(request.areas.map((area) => [area, shuffled(mutationsOf(area), request.seed)]))
  const drawn = new Map<string, DrawnMutation[]>(request.areas.map((area) => [area, []]))
  for (;;) {
    const batch = nextBatch(queues, (area) => request.perArea - (drawn.get(area)?.length ?? 0))
    if (batch.length === 0) break
    const valid = new Set(await check(batch))
    for (const mutation of batch) {
      const list = drawn.get(mutation.area) ?? []
      if (valid.has(mutation) && list.length < request.perArea) list.push(mutation)
    }
  }
  // One of each area in turn: a sample that is ended early says something about all of them.
  return Array.from({ length: request.perArea }, (_, index) =>
    [...drawn.values()].flatMap((list) => list.slice(index, index + 1)),
  ).flat()
}

function mutationsOf(area: string): readonly DrawnMutation[] {
  return sourceFiles('src', 'store', 'components')
    .map(({ path }) => path)
    .filter((path) => areaOf(path) === area)
    .sort((a, b) => (a < b ? -1 : 1))
    .flatMap((path) => findMutations(path, readFileSync(path, 'utf8')).map((mutation) => ({ ...mutation, area })))
}

function shuffled<T>(items: readonly T[], seed: number): T[] {
  const random = seededRandom(seed)
  const left = [...items]
  for (let index = left.length - 1; index > 0; index -= 1) {
    const other = Math.floor(random() * (index + 1))
    const [a, b] = [left[index], left[other]]
    if (a !== undefined && b !== undefined) [left[index], left[other]] = [b, a]
  }
  return left
}

/** Mutations that can be checked together: at most one of a file; about half of what is drawn is refused. */
function nextBatch(
  queues: ReadonlyMap<string, DrawnMutation[]>,
  missing: (area: string) => number,
): readonly DrawnMutation[] {
  const batch = new Map<string, DrawnMutation>()
  for (const [area, queue] of queues) {
    let wanted = missing(area) * 2
    const later: DrawnMutation[] = []
    while (wanted > 0) {
      const next = queue.shift()
      if (next === undefined) break
      if (batch.has(next.file)) later.push(next)
      else {
        batch.set(next.file, next)
        wanted -= 1
      }
      if (later.length > 200) break
    }
    queue.unshift(...later)
  }
  return [...batch.values()]
}
