import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { builtProgram, runProgram } from '../support/harness/built-program.ts'
import { sourceFiles } from '../support/harness/source-files.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

builtProgram('bagboy-tui')

const manifest: Readonly<Record<string, unknown>> = JSON.parse(readFileSync('package.json', 'utf8'))

/** The packed package, unpacked; its folder. */
function unpacked(): string {
  const folder = temporaryFolder('packed')
  execFileSync('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder], { stdio: 'pipe' })
  const [tarball = ''] = readdirSync(folder)
  execFileSync('tar', ['-xzf', tarball], { cwd: folder })
  return join(folder, 'package')
}

test('the packed package runs alone: nothing that is not in it is needed', async () => {
  const folder = unpacked()
  writeFileSync(join(folder, 'bagboy.yaml'), 'name: myapp\n')
  const program = join(folder, 'dist/bin/bagboy-tui.js')

  const version = await runProgram(program, ['--version'])
  const check = await runProgram(program, ['config', 'check', '-o', 'yaml'], { cwd: folder })

  expect(version).toMatchObject({ exitCode: 0, stderr: '' })
  expect(check).toMatchObject({ exitCode: 0, stderr: '' })
  expect(check.stdout).toContain('app: myapp\n')
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  expect(files).toEqual(
    expect.arrayContaining(['LICENSE', 'README.md', 'dist/THIRD-PARTY-LICENSES.txt', 'dist/worker.js']),
  )
  expect(files.filter((file) => file.endsWith('.map') || file.startsWith('src'))).toEqual([])
  expect(statSync(program).mode & 0o111).not.toBe(0)
})

test('an install fetches nothing besides the package: the bundle holds all of its libraries', () => {
  const folder = temporaryFolder('installed')
  execFileSync('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder], { stdio: 'pipe' })
  const [tarball = ''] = readdirSync(folder)
  const [prefix, cache] = [join(folder, 'prefix'), join(folder, 'cache')]

  execFileSync(
    'npm',
    ['install', '--global', '--offline', '--prefix', prefix, '--cache', cache, join(folder, tarball)],
    {
      stdio: 'pipe',
    },
  )
  const programs = ['bagboy', 'bagboy-tui'].map((name) =>
    execFileSync(join(prefix, 'bin', name), ['--version'], { encoding: 'utf8' }),
  )

  expect(programs).toEqual([`${String(manifest['version'])}\n`, `${String(manifest['version'])}\n`])
  expect(readdirSync(join(prefix, 'lib/node_modules'))).toEqual(['bagboy-tui'])
  expect(existsSync(join(prefix, 'lib/node_modules/bagboy-tui/node_modules'))).toBe(false)
})

test('every document that a message names is in the package', () => {
  const folder = unpacked()
  const named = sourceFiles('src', 'store', 'components', 'bin').flatMap(({ text }) =>
    [...text.matchAll(/\bdocs\/[\w/-]+\.md\b/gu)].map(([path]) => path),
  )

  expect(named.length).toBeGreaterThan(10)
  expect([...new Set(named)].filter((path) => !existsSync(join(folder, path)))).toEqual([])
})

test('the package names its repository, and is published with provenance', () => {
  expect(manifest).toMatchObject({
    repository: { type: 'git', url: expect.stringMatching(/^git\+https:\/\/github\.com\/.+\.git$/u) },
    bugs: { url: expect.stringMatching(/^https:/u) },
    homepage: expect.stringMatching(/^https:/u),
    publishConfig: { access: 'public', provenance: true },
  })
  expect(manifest).not.toHaveProperty('dependencies')
})
