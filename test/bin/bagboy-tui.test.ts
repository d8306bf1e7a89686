import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { HELP_COLUMNS, helpTexts } from '../../src/cli/help-texts.ts'
import { builtProgram, runProgram } from '../support/harness/built-program.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const manifest: { readonly version: string } = JSON.parse(readFileSync('package.json', 'utf8'))
const program = builtProgram('bagboy-tui')

test('--version prints the version of the package and loads nothing of ours', async () => {
  const cache = temporaryFolder('cache')

  const { exitCode, stdout, stderr } = await runProgram(program, ['--version'], { env: { XDG_CACHE_HOME: cache } })

  expect([exitCode, stdout, stderr]).toEqual([0, `${manifest.version}\n`, ''])
  expect(readdirSync(cache)).toEqual([])
})

test.each(['', 'rollback', 'versions', 'versions list'])(
  'the help that was made beforehand is the help: %j',
  async (name) => {
    const expected = helpTexts('bagboy-tui', manifest.version)[name]

    const { exitCode, stdout } = await runProgram(program, [...name.split(' ').filter(Boolean), '--help'])
    const asked = await runProgram(program, [...name.split(' ').filter(Boolean), '-h'])

    expect([exitCode, stdout]).toEqual([0, expected])
    expect(asked.stdout).toBe(expected)
    expect(Math.max(...stdout.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(HELP_COLUMNS)
  },
)

test('an unknown command ends with exit code 2 and the nearest name', async () => {
  const { exitCode, stdout, stderr } = await runProgram(program, ['versoins'])

  expect([exitCode, stdout]).toEqual([2, ''])
  expect(stderr).toContain('Did you mean versions?')
})

test('without a command and without a terminal it prints its help to stderr and exits 2', async () => {
  const { exitCode, stdout, stderr } = await runProgram(program, [])

  expect([exitCode, stdout]).toEqual([2, ''])
  expect(stderr).toContain('Usage: bagboy-tui')
})

test('a configuration that is not there is said and exits 4', async () => {
  const cwd = temporaryFolder('nothing')

  const { exitCode, stderr } = await runProgram(program, ['versions', 'list', '--config', 'no.yaml'], { cwd })

  expect(exitCode).toBe(4)
  expect(stderr).toMatch(/^error CONFIG_\w+ {2}.*no\.yaml/u)
})

test('the compile cache is in a folder of its own', async () => {
  const cache = temporaryFolder('cache')

  await runProgram(program, ['nonsense'], { env: { XDG_CACHE_HOME: cache } })

  expect(readdirSync(cache)).toEqual(['bagboy-tui'])
})

test('a reader that goes away early is no fault', async () => {
  const cwd = temporaryFolder('history')
  const entry = (id: number) =>
    `  - version: "v1.${id}.0"\n    timestamp: "2026-02-01T18:00:00Z"\n    commit: "${'a'.repeat(500)}"\n`
  writeFileSync(join(cwd, 'bagboy.yaml'), 'name: myapp\n')
  execFileSync('mkdir', [join(cwd, '.bagboy')])
  const entries = Array.from({ length: 400 }, (_, at) => entry(400 - at)).join('')
  writeFileSync(join(cwd, '.bagboy/deployment-history.yml'), `deployments:\n${entries}`)

  const shell = `"${process.execPath}" "${program}" versions list -o json | head -c 10`
  const { stdout, stderr } = spawnSync('sh', ['-c', shell], { cwd, encoding: 'utf8' })

  expect(stdout).toBe('{\n  "schem')
  expect(stderr).toBe('')
})

const OLD_NODES = ['/usr/bin/node', '/usr/local/bin/node'].filter(
  (file) => existsSync(file) && /^v(1\d|20|21)\./u.test(execFileSync(file, ['--version'], { encoding: 'utf8' })),
)

test.skipIf(OLD_NODES.length === 0)('an old Node is refused with what is needed (needs an older Node here)', () => {
  const { status, stdout, stderr } = spawnSync(OLD_NODES[0] ?? '', [program, 'versions', 'list'], { encoding: 'utf8' })

  expect([status, stdout]).toEqual([2, ''])
  expect(stderr).toMatch(/^bagboy-tui needs Node\.js 22\.19 or newer; .* is \d+\./u)
})
