import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { createNodeFiles } from '../../../src/platform/node/files/files.ts'
import { ignoreLocal } from '../../../src/state-folder/ignore-local.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const LOCAL = [
  'rev/0000000001.json',
  'rev/0000000001.json.damaged',
  'runs/01JDXA7Q2M3N4P5R6S7T8V9WXY/plan.json',
  'runs/closed/01JDXA7Q2M3N4P5R6S7T8V9WXY/journal.jsonl',
  'deploys/01JDXA7Q2M3N4P5R6S7T8V9WXY/journal.jsonl',
  'locks/0000000001.json',
  'backups/0000000001-0123456789abcdef.yml',
  'cache/index.json',
  '.deployment-history.yml.0123456789abcdef.tmp',
]
const SHARED = ['.gitignore', 'archive/2026-H1.yml', 'deployment-history.yml']

/** What git would take in. */
function trackedIn(project: string): readonly string[] {
  const git = (...args: readonly string[]) => execFileSync('git', args, { cwd: project, encoding: 'utf8' })
  git('init', '-q')
  git('add', '.')
  return git('ls-files', '.bagboy')
    .trim()
    .split('\n')
    .map((name) => name.replace('.bagboy/', ''))
}

function aProject(gitignore?: string): { project: string; folder: string } {
  const project = temporaryFolder('ignored')
  const folder = join(project, '.bagboy')
  for (const name of [...LOCAL, ...SHARED.slice(1)]) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), 'x')
  }
  if (gitignore !== undefined) writeFileSync(join(folder, '.gitignore'), gitignore)
  return { project, folder }
}

test.each([
  ['there is none', undefined],
  ['it is the one of an older version', 'rev/\nruns/\nlocks/\nbackups/\ncache/\n*.tmp\n'],
  ['it is empty', ''],
  ['it ends without a line break', '# ours\nnotes.txt'],
  ['it was written on Windows', 'rev/\r\nruns/\r\n'],
])('git takes in the history and its archive and nothing of this machine when %s', async (_title, gitignore) => {
  const { project, folder } = aProject(gitignore)

  await ignoreLocal(createNodeFiles(), folder)

  expect(trackedIn(project)).toEqual(SHARED)
})

test('lines of the project stay, and what it takes in on purpose is not ignored again', async () => {
  const { project, folder } = aProject('# ours\nnotes.txt\nrev/\n!backups/\n')

  await ignoreLocal(createNodeFiles(), folder)
  const once = readFileSync(join(folder, '.gitignore'), 'utf8')
  await ignoreLocal(createNodeFiles(), folder)

  expect(once.startsWith('# ours\nnotes.txt\nrev/\n!backups/\n')).toBe(true)
  expect(readFileSync(join(folder, '.gitignore'), 'utf8')).toBe(once)
  expect(trackedIn(project)).toContain('backups/0000000001-0123456789abcdef.yml')
})
