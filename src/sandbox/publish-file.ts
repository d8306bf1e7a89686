import { createHash } from 'node:crypto'
import { spawn } from 'node:child_process'
import { mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { BagboyError } from '../errors/bagboy-error.ts'

/** One commit of a tap or bucket: the whole new content of its one file. */
export interface FileCommit {
  readonly content: string
  readonly message: string
  /** RFC 3339. */
  readonly at: string
}

/** Where one version of the file is to be found, for ever; with its content's hash, as the history keeps it. */
export interface PublishedFile {
  readonly sha: string
  readonly blob_sha256: string
  readonly commit: string
}

const IDENTITY = 'hello release <release@hello.example.com>'

/** Makes a bare repository on branch `main` with one commit per version, all of them by one `git fast-import`. */
export async function publishFile(
  repository: string,
  path: string,
  commits: readonly FileCommit[],
): Promise<readonly PublishedFile[]> {
  await mkdir(repository, { recursive: true })
  await git(repository, ['init', '--quiet', '--bare', '--template='], '')
  const marks = join(repository, 'bagboy-marks')
  await git(repository, ['fast-import', '--quiet', `--export-marks=${marks}`], importStream(path, commits))
  const lines = (await readFile(marks, 'utf8')).trim().split('\n')
  await rm(marks)
  const ids = new Map(lines.map((line) => line.split(' ')).map(([mark = '', id = '']) => [mark, id] as const))
  return commits.map(({ content }, index) => ({
    sha: ids.get(blobMark(index)) ?? '',
    blob_sha256: createHash('sha256').update(content).digest('hex'),
    commit: ids.get(commitMark(index)) ?? '',
  }))
}

function importStream(path: string, commits: readonly FileCommit[]): string {
  const parts = commits.map(({ content, message, at }, index) => {
    const who = `${IDENTITY} ${Math.floor(Date.parse(at) / 1000)} +0000`
    return [
      `blob\nmark ${blobMark(index)}\n${data(content)}`,
      `commit refs/heads/main\nmark ${commitMark(index)}\nauthor ${who}\ncommitter ${who}\n${data(message)}`,
      `M 100644 ${blobMark(index)} ${path}\n`,
    ].join('')
  })
  return `${parts.join('')}done\n`
}

function blobMark(index: number): string {
  return `:${2 * index + 1}`
}

function commitMark(index: number): string {
  return `:${2 * index + 2}`
}

function data(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}\n`
}

function git(repository: string, args: readonly string[], input: string): Promise<void> {
  const settings = ['-c', 'init.defaultBranch=main', '-C', repository]
  const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1', LC_ALL: 'C' }
  return new Promise((resolve, reject) => {
    const child = spawn('git', [...settings, ...args], { env, stdio: ['pipe', 'ignore', 'pipe'] })
    let printed = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => (printed += text))
    // A git that ends early says why on stderr; that its input broke off adds nothing.
    child.stdin.on('error', () => child.kill()).end(input)
    child.on('error', (cause) => {
      reject(new BagboyError('REGISTRY_UNREACHABLE', 'git cannot be started', { hint: 'Install git.', cause }))
    })
    child.on('close', (exitCode) => {
      if (exitCode === 0) resolve()
      else reject(new BagboyError('REGISTRY_BROKEN', `git ${args[0]} ended with ${exitCode}: ${printed.trim()}`))
    })
  })
}
