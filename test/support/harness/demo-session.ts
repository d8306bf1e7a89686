import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { builtProgram } from './built-program.ts'
import { openTerminal, type Terminal } from './pty.ts'
import { clientOutput, findProgram, GIT_ENVIRONMENT, npmEnvironment } from '../processes/run-client.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { until } from '../clocks/until.ts'

/** Notes the terminal's settings before and after, the program's id, and how it ended. */
const WRAPPER = `stty -g
sh -c 'echo $$ > "$PID_FILE"; exec "$@"' sh "$@"
echo "left with $?"
stty -g`

export interface DemoSession {
  readonly terminal: Terminal
  /** Sandboxes that are still there. */
  sandboxes(): readonly string[]
  /** Sends a signal to the program, not to the shell around it. */
  kill(signal: NodeJS.Signals): void
  /** What the shell printed after the program had ended: its exit code, and whether the terminal is as it was. */
  ending(): Promise<{ readonly exitCode: number; readonly isTerminalAsBefore: boolean }>
}

interface DemoWishes {
  readonly columns?: number
  readonly rows?: number
  /** Behind `demo`. */
  readonly args?: readonly string[]
}

/** What `npm start` runs, in a shell on a terminal, with every folder it may write to in a place of its own. */
export function openDemo({ args = [], ...size }: DemoWishes = {}): DemoSession {
  const home = temporaryFolder('home')
  const temporary = temporaryFolder('tmp')
  const pidFile = join(home, 'pid')
  const program = builtProgram('bagboy-tui')
  const terminal = openTerminal({
    command: '/bin/sh',
    args: ['-c', WRAPPER, 'sh', process.execPath, program, 'demo', ...args],
    cwd: home,
    env: { ...GIT_ENVIRONMENT, HOME: home, TMPDIR: temporary, XDG_CACHE_HOME: join(home, 'cache'), PID_FILE: pidFile },
    ...size,
  })
  return {
    terminal,
    sandboxes: () => readdirSync(temporary).filter((name) => name.startsWith('bagboy-demo-')),
    kill: (signal) => void process.kill(Number(readFileSync(pidFile, 'utf8')), signal),
    async ending() {
      await until('the end of the program', () => /^left with \d+\n.+$/mu.test(terminal.transcript()), 60_000)
      const lines = terminal.transcript().split('\n')
      const left = lines.findIndex((line) => line.startsWith('left with '))
      return {
        exitCode: Number(lines[left]?.replace('left with ', '')),
        isTerminalAsBefore: lines[0] !== '' && lines[0] === lines[left + 1],
      }
    },
  }
}

/** What each field's own client sees, asked with the command lines that the demo prints. */
export async function servedByDemo(terminal: Terminal): Promise<Readonly<Record<string, string>>> {
  const described = new Map(
    terminal
      .transcript()
      .split('\n')
      .map((line) => [line.slice(0, 9).trim(), line.slice(9).split(' ')] as const),
  )
  const show = async (name: string) =>
    clientOutput('git', described.get(name)?.slice(1) ?? [], { env: GIT_ENVIRONMENT })
  const url = described.get('package')?.at(-1) ?? ''
  const npm = npmEnvironment(temporaryFolder('npm-client'), { url, host: new URL(url).host }, 'anybody')
  const viewed = await clientOutput('npm', [...(described.get('package')?.slice(1) ?? []), 'version', '--json'], {
    env: npm,
  })
  return {
    brew: /version "([^"]+)"/u.exec(await show('tap'))?.[1] ?? '',
    scoop: (JSON.parse(await show('bucket')) as { readonly version: string }).version,
    npm: JSON.parse(viewed) as string,
    docker: await imageVersion(described.get('image') ?? []),
  }
}

/** The version in the image's label by skopeo; where that is not installed, the version whose tag has the same digest. */
async function imageVersion(commandLine: readonly string[]): Promise<string> {
  if (findProgram('skopeo') !== undefined) {
    const inspected = await clientOutput('skopeo', commandLine.slice(1))
    const { Labels } = JSON.parse(inspected) as { readonly Labels: Readonly<Record<string, string>> }
    return Labels['org.opencontainers.image.version'] ?? ''
  }
  const [, host, repository, moving] = /docker:\/\/([^/]+)\/(.+):(\w+)$/u.exec(commandLine.at(-1) ?? '') ?? []
  const base = `http://${host}/v2/${repository}`
  const digestOf = async (tag: string) => {
    const headers = { accept: 'application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json' }
    return (await fetch(`${base}/manifests/${tag}`, { headers })).headers.get('docker-content-digest')
  }
  const { tags } = (await (await fetch(`${base}/tags/list`)).json()) as { readonly tags: readonly string[] }
  const digest = await digestOf(moving ?? '')
  for (const tag of tags.filter((name) => /^\d/u.test(name))) if ((await digestOf(tag)) === digest) return tag
  return ''
}
