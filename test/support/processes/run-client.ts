import { execFile } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'

export interface ClientResult {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}

interface ClientOptions {
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
  /** Default 60 s. */
  readonly timeoutMs?: number
}

/** Runs a real client to its end. Never throws for an exit code. */
export function runClient(file: string, args: readonly string[], options: ClientOptions = {}): Promise<ClientResult> {
  return new Promise((resolve, reject) => {
    execFile(
      file,
      [...args],
      {
        cwd: options.cwd,
        env: { ...process.env, LC_ALL: 'C', ...options.env },
        timeout: options.timeoutMs ?? 60_000,
        maxBuffer: 32 * 1024 * 1024,
      },
      (error, stdout, stderr) => {
        if (error === null) resolve({ exitCode: 0, stdout, stderr })
        else if (typeof error.code === 'number') resolve({ exitCode: error.code, stdout, stderr })
        else reject(error)
      },
    )
  })
}

/** Runs a client that has to succeed and gives what it printed. */
export async function clientOutput(
  file: string,
  args: readonly string[],
  options: ClientOptions = {},
): Promise<string> {
  const { exitCode, stdout, stderr } = await runClient(file, args, options)
  if (exitCode !== 0) throw new Error(`${file} ${args.join(' ')} ended with ${exitCode}: ${stderr}${stdout}`)
  return stdout
}

/** Where a program is on PATH; `undefined` when it is not installed. */
export function findProgram(name: string): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path))
}

/** Settings under which the npm command knows nothing but one registry; `folder` gets its cache and `.npmrc`. */
export function npmEnvironment(
  folder: string,
  registry: { readonly url: string; readonly host: string },
  token: string,
  kind: '_authToken' | '_auth' = '_authToken',
): Readonly<Record<string, string>> {
  const userconfig = join(folder, 'npmrc')
  const lines = [
    `registry=${registry.url}/`,
    `//${registry.host}/:${kind}=${token}`,
    `cache=${join(folder, 'cache')}`,
    'update-notifier=false',
    'audit=false',
    'fund=false',
  ]
  writeFileSync(userconfig, `${lines.join('\n')}\n`)
  return { npm_config_userconfig: userconfig, npm_config_registry: `${registry.url}/` }
}

/** Settings under which git knows nothing of this machine and asks no questions. */
export const GIT_ENVIRONMENT: Readonly<Record<string, string>> = {
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_TERMINAL_PROMPT: '0',
  GIT_AUTHOR_NAME: 'Tester',
  GIT_AUTHOR_EMAIL: 'tester@example.com',
  GIT_COMMITTER_NAME: 'Tester',
  GIT_COMMITTER_EMAIL: 'tester@example.com',
}
