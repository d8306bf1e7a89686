import { readdirSync, readFileSync } from 'node:fs'
import { build } from 'esbuild'
import { expect, test } from 'vitest'
import { builtProgram } from './support/harness/built-program.ts'
import { failpointNames } from './support/harness/failpoint-names.ts'

/** Raise it with every one that is added. */
const FEWEST = 40

function namesIn(text: string): readonly string[] {
  const isIn = (name: string) => text.includes(`'${name}'`) || text.includes(`"${name}"`)
  return [...failpointNames().filter(isIn), ...(text.includes('bagboyFailpoint') ? ['bagboyFailpoint'] : [])]
}

test('failpoints have names of their own and do not become fewer', () => {
  const names = failpointNames()

  expect(new Set(names).size).toBe(names.length)
  expect(names.length).toBeGreaterThanOrEqual(FEWEST)
})

test('the program that is shipped holds none', () => {
  builtProgram('bagboy-tui')
  const files = readdirSync('dist', { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.js'))

  expect(files.length).toBeGreaterThan(5)
  expect(
    files.flatMap((name) => namesIn(readFileSync(`dist/${name}`, 'utf8')).map((found) => `${name}: ${found}`)),
  ).toEqual([])
})

test('and would hold them if they were not taken out', async () => {
  const { outputFiles } = await build({
    entryPoints: ['src/platform/node/files/files.ts'],
    bundle: true,
    platform: 'node',
    format: 'esm',
    minifySyntax: true,
    write: false,
  })

  expect(namesIn(outputFiles.map(({ text }) => text).join(''))).toContain('replace:written')
})
