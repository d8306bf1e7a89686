import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { GIT_ENVIRONMENT } from '../processes/run-client.ts'

/** A bare repository on branch `main`, changed past every client of it. */
export interface GitTap {
  /** Its folder. */
  readonly folder: string
  /** Any git command in it; trimmed output. Throws when it fails. */
  git(...args: readonly string[]): string
  /** One commit on top of `main`; `null` removes a file. @returns its name */
  commit(files: Readonly<Record<string, string | null>>, message?: string): string
  /** The file at the head of `main`, byte for byte; `undefined` when there is none. */
  read(path: string): string | undefined
  blobOf(path: string, revision?: string): string
  head(): string
  /** Messages, newest first. */
  messages(): readonly string[]
  /** Starts `main` anew with these files and destroys everything else. */
  startOver(files: Readonly<Record<string, string>>): void
}

/** @param settings of the repository, such as `uploadpack.allowFilter` */
export function createGitTap(folder: string, settings: Readonly<Record<string, string>> = {}): GitTap {
  mkdirSync(folder, { recursive: true })
  const run = (args: readonly string[], input = ''): string => {
    const { status, stdout, stderr } = spawnSync('git', args, {
      cwd: folder,
      env: { ...process.env, ...GIT_ENVIRONMENT, LC_ALL: 'C' },
      input,
      encoding: 'latin1',
      maxBuffer: 64 * 1024 * 1024,
    })
    if (status !== 0) throw new Error(`git ${args.join(' ')} ended with ${status}: ${stderr}`)
    return Buffer.from(stdout, 'latin1').toString()
  }
  run(['init', '--quiet', '--bare', '--template=', '--initial-branch=main'])
  for (const [key, value] of Object.entries({ 'http.receivepack': 'true', ...settings })) run(['config', key, value])
  let second = 1_700_000_000
  const write = (files: Readonly<Record<string, string | null>>, message: string, from: string): string => {
    second += 1
    const changes = Object.entries(files).map(([path, text]) =>
      text === null ? `D ${path}\n` : `M 100644 inline ${path}\n${data(text)}`,
    )
    const who = `Publisher <publisher@example.com> ${second} +0000`
    const stream = `commit refs/heads/main\ncommitter ${who}\n${data(message)}${from}${changes.join('')}done\n`
    run(['fast-import', '--quiet', '--done', '--force'], Buffer.from(stream).toString('latin1'))
    return tap.head()
  }
  const tap: GitTap = {
    folder,
    git: (...args) => run(args).trim(),
    commit: (files, message = 'change') =>
      write(files, message, run(['for-each-ref', 'refs/heads/main']) === '' ? '' : 'from refs/heads/main^0\n'),
    read: (path) =>
      run(['ls-tree', 'main', '--', path]) === '' ? undefined : run(['cat-file', 'blob', `main:${path}`]),
    blobOf: (path, revision = 'main') => run(['rev-parse', `${revision}:${path}`]).trim(),
    head: () => run(['rev-parse', 'main']).trim(),
    messages: () =>
      run(['log', '--format=%B%x00', 'main'])
        .split('\0')
        .map((text) => text.trim())
        .filter((text) => text !== ''),
    startOver(files) {
      run(['update-ref', '-d', 'refs/heads/main'])
      write(files, 'start over', '')
      run(['reflog', 'expire', '--expire=now', '--all'])
      run(['gc', '--quiet', '--prune=now'])
    },
  }
  return tap
}

function data(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}\n`
}
