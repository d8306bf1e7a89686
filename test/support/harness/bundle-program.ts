import { basename, join } from 'node:path'
import { build } from 'esbuild'
import { temporaryFolder } from '../temporary-folder.ts'

const REQUIRE = "import{createRequire as makeRequire}from'node:module';const require=makeRequire(import.meta.url);"

/** One file out of many, with its failpoints: it starts in half the time, and is started thousands of times. */
export async function bundleProgram(source: string): Promise<string> {
  const program = join(temporaryFolder('program'), `${basename(source, '.ts')}.mjs`)
  await build({
    entryPoints: [source],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'esm',
    banner: { js: REQUIRE },
    logLevel: 'error',
  })
  return program
}
