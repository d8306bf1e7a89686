import { chmodSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { builtProgram, runProgram, startProgram } from '../support/harness/built-program.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { until } from '../support/clocks/until.ts'

const program = builtProgram('bagboy')

/** A folder for PATH with a program named `bagboy` that is this shell script. */
function aGoBagboy(script: string): string {
  const folder = temporaryFolder('go')
  const file = join(folder, 'bagboy')
  writeFileSync(file, `#!/bin/sh\n${script}\n`)
  chmodSync(file, 0o755)
  return folder
}

function path(...folders: readonly string[]): Readonly<Record<string, string>> {
  return { PATH: [...folders, '/usr/bin', '/bin'].join(':') }
}

test('a command of the Go program gets its arguments, its input and its exit code as they are', async () => {
  const go = aGoBagboy('printf "<%s>" "$@"; cat; echo problem >&2; exit 37')

  const argv = ['pack', '--all', 'a b', '--', '-x']
  const { exitCode, stdout, stderr } = await runProgram(program, argv, { env: path(go), stdin: 'input' })

  expect([exitCode, stdout, stderr]).toEqual([37, '<pack><--all><a b><--><-x>input', 'problem\n'])
})

test.each([[['--version']], [['--help']], [[]]])('%j belongs to the Go program', async (argv) => {
  const go = aGoBagboy('echo "go: $*"')

  const { exitCode, stdout } = await runProgram(program, argv, { env: path(go) })

  expect([exitCode, stdout]).toEqual([0, `go: ${argv.join(' ')}\n`])
})

test.each([[['rollback', '--help']], [['versions', '--help']], [['--cwd', '/', 'lock', '--help']]])(
  '%j runs here although there is a Go program',
  async (argv) => {
    const go = aGoBagboy('echo no')

    const { exitCode, stdout } = await runProgram(program, argv, { env: path(go) })

    expect(exitCode).toBe(0)
    expect(stdout).toMatch(/^Usage: bagboy /u)
  },
)

test('a signal reaches the Go program, and its death by a signal is ours', async () => {
  const mark = join(temporaryFolder('mark'), 'mark')
  const go = aGoBagboy(
    `trap 'echo got > ${mark}; trap - TERM; kill -TERM $$' TERM\necho ready\nwhile :; do sleep 0.05; done`,
  )
  const { child, finished, stdout } = startProgram(program, ['benchmark'], { env: path(go) })
  await until('the Go program', () => stdout().includes('ready'))

  child.kill('SIGTERM')
  const { exitCode, signal } = await finished

  expect([exitCode, signal]).toEqual([null, 'SIGTERM'])
  expect(readFileSync(mark, 'utf8')).toBe('got\n')
})

test('it never hands on to itself, under whatever name it stands on PATH', async () => {
  const own = temporaryFolder('own')
  symlinkSync(program, join(own, 'bagboy'))

  const { exitCode, stderr } = await runProgram(join(own, 'bagboy'), ['publish'], { env: path(own) })

  expect(exitCode).toBe(2)
  expect(stderr).toContain('"bagboy publish" belongs to the bagboy packager, which is not installed')
  expect(stderr).toContain('go install github.com/scttfrdmn/bagboy/cmd/bagboy@latest')
})

test('two installations do not hand a command to and fro, and still find the Go program', async () => {
  const [second, go] = [temporaryFolder('second'), aGoBagboy('echo "go: $*"')]
  const script = `#!/bin/sh\nexec "${process.execPath}" "${program}" "$@"\n`
  writeFileSync(join(second, 'bagboy'), script, { mode: 0o755 })

  const found = await runProgram(program, ['pack'], { env: path(second, go) })
  const lost = await runProgram(program, ['pack'], { env: path(second) })

  expect(found).toMatchObject({ exitCode: 0, stdout: 'go: pack\n' })
  expect(lost.exitCode).toBe(2)
})

test('what was published is written into the history; stdout stays the Go program’s own', async () => {
  const cwd = temporaryFolder('project')
  writeFileSync(join(cwd, 'bagboy.yaml'), 'name: myapp\n')
  const go = aGoBagboy('echo published')

  const { exitCode, stdout, stderr } = await runProgram(program, ['publish'], { cwd, env: path(go) })

  expect([exitCode, stdout]).toEqual([0, 'published\n'])
  expect(stderr).toContain('writing this deployment into the history')
  expect(stderr).toContain('Write it: bagboy record --version V')
})

test.each([
  ['failed', ['publish'], 'exit 4', 4],
  ['was a dry run', ['publish', '--dry-run'], 'exit 0', 0],
  ['was no deployment', ['pack'], 'exit 0', 0],
])('nothing is recorded when the command %s', async (_title, argv, script, expected) => {
  const { exitCode, stderr } = await runProgram(program, argv, { env: path(aGoBagboy(script)) })

  expect([exitCode, stderr]).toEqual([expected, ''])
})
