import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'

export interface SourceFile {
  /** From the repository's root, with slashes. */
  readonly path: string
  readonly text: string
  readonly lineCount: number
  /** What it imports: paths from the root for our own files, names for packages. */
  readonly imports: readonly string[]
}

const IMPORT = /\b(?:from|import)\s*\(?\s*'([^']+)'/gu

/** All TypeScript files under these folders. */
export function sourceFiles(...folders: readonly string[]): readonly SourceFile[] {
  return folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.tsx?$/u.test(name) && !name.includes('node_modules'))
      .map((name) => readSource(join(folder, name))),
  )
}

function readSource(path: string): SourceFile {
  const text = readFileSync(path, 'utf8')
  const imports = [...text.matchAll(IMPORT)].map(([, target = '']) =>
    target.startsWith('.') ? normalize(join(dirname(path), target)) : target,
  )
  return { path, text, lineCount: text.trimEnd().split('\n').length, imports }
}
