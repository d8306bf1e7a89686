import { sourceFiles } from './source-files.ts'

/** As they stand in the sources, in the order of the files. */
export function failpointNames(): readonly string[] {
  return sourceFiles('src').flatMap(({ text }) =>
    [...text.matchAll(/\bfailpoint\('([^']+)'\)/gu)].map(([, name = '']) => name),
  )
}
