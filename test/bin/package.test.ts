import { execFileSync } from 'node:child_process'
import { readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { builtProgram, runProgram } from '../support/harness/built-program.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

builtProgram('bagboy-tui')

test('the packed package runs alone: nothing that is not in it is needed', async () => {
  const folder = temporaryFolder('packed')
  execFileSync('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder], { stdio: 'pipe' })
  const [tarball = ''] = readdirSync(folder)
  execFileSync('tar', ['-xzf', tarball], { cwd: folder })
  writeFileSync(join(folder, 'bagboy.yaml'), 'name: myapp\n')
  const program = join(folder, 'package/dist/bin/bagboy-tui.js')

  const version = await runProgram(program, ['--version'])
  const check = await runProgram(program, ['config', 'check', '-o', 'yaml'], { cwd: folder })

  expect(version).toMatchObject({ exitCode: 0, stderr: '' })
  expect(check).toMatchObject({ exitCode: 0, stderr: '' })
  expect(check.stdout).toContain('app: myapp\n')
  const files = readdirSync(join(folder, 'package'), { recursive: true, encoding: 'utf8' })
  expect(files).toEqual(
    expect.arrayContaining(['LICENSE', 'README.md', 'dist/THIRD-PARTY-LICENSES.txt', 'dist/worker.js']),
  )
  expect(files.filter((file) => file.endsWith('.map') || file.startsWith('src'))).toEqual([])
  expect(statSync(program).mode & 0o111).not.toBe(0)
})
