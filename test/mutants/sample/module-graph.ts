import { existsSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { sourceFiles, type SourceFile } from '../../support/harness/source-files.ts'

/** What each file of ours imports, or names as a program to start. */
export type ModuleGraph = ReadonlyMap<string, readonly string[]>

const NAMED_FILE = /['"`]([\w./-]+\.tsx?)['"`]/gu
/** The helper that builds and starts the programs imports neither. */
const PROGRAMS: Readonly<Record<string, readonly string[]>> = {
  'test/support/harness/built-program.ts': ['bin/bagboy.ts', 'bin/bagboy-tui.ts', 'src/worker.ts'],
}

function namedFiles({ path, text }: SourceFile): readonly string[] {
  return [...text.matchAll(NAMED_FILE)]
    .flatMap(([, name = '']) => [normalize(name), normalize(join(dirname(path), name))])
    .filter((name) => existsSync(name))
}

export function moduleGraph(): ModuleGraph {
  return new Map(
    sourceFiles('src', 'store', 'components', 'bin', 'test')
      .filter(({ path }) => !path.startsWith('test/servers/') && !path.startsWith('test/mutants/'))
      .map((file) => [
        file.path,
        [
          ...new Set([
            ...file.imports,
            ...(file.path.startsWith('test/') ? namedFiles(file) : []),
            ...(PROGRAMS[file.path] ?? []),
          ]),
        ],
      ]),
  )
}

/** How many imports lie between a file and each file that it reaches. */
export function distancesFrom(graph: ModuleGraph, start: string): ReadonlyMap<string, number> {
  const distances = new Map([[start, 0]])
  // A map hands out what is added while it is walked: this is the queue as well.
  for (const [file, distance] of distances) {
    for (const target of graph.get(file) ?? []) {
      if (graph.has(target) && !distances.has(target)) distances.set(target, distance + 1)
    }
  }
  return distances
}
