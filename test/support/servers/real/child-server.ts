import { spawn } from 'node:child_process'

export interface ChildServer {
  /** Everything it has printed so far. */
  output(): string
  /** Asks again and again until there is an answer. @throws when the server ends or 30 s have passed. */
  waitFor<Answer>(ask: () => Promise<Answer | undefined>): Promise<Answer>
  stop(): Promise<void>
}

// The shell outlives nothing: it holds the read end of a pipe from us and kills the server when we are gone.
const GUARD =
  'signal=$1; shift; "$@" </dev/null & server=$!; cat >/dev/null; kill -$signal $server; wait $server 2>/dev/null'

interface ChildOptions {
  /** Default `KILL`. A server that has workers of its own ends them when it gets `TERM`, and leaves them behind otherwise. */
  readonly signal?: 'KILL' | 'TERM'
  readonly env?: Readonly<Record<string, string>>
}

/** Starts a real server that dies with this process, however this process dies. */
export function startChildServer(file: string, args: readonly string[], options: ChildOptions = {}): ChildServer {
  const { signal = 'KILL', env = {} } = options
  const guard = spawn('sh', ['-c', GUARD, 'guard', signal, file, ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  })
  const ended = new Promise<void>((resolve) => guard.once('close', () => resolve()))
  let printed = ''
  for (const stream of [guard.stdout, guard.stderr]) {
    stream.setEncoding('utf8')
    stream.on('data', (text: string) => (printed += text))
  }
  return {
    output: () => printed,
    async waitFor(ask) {
      const deadline = performance.now() + 30_000
      for (;;) {
        const answer = await ask()
        if (answer !== undefined) return answer
        if (guard.exitCode !== null || performance.now() > deadline) {
          throw new Error(`${file} is not ready: ${printed.slice(-2000)}`)
        }
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
    },
    async stop() {
      guard.stdin.end()
      await ended
    },
  }
}
