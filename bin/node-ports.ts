import { isatty } from 'node:tty'
import type { CliPorts, StopSignal, TextInput, TextOutput } from '../src/cli/ports.ts'

const STOP_SIGNALS: readonly StopSignal[] = ['SIGINT', 'SIGTERM', 'SIGHUP']
/** The reader of a pipe went away; the terminal went away. */
const GONE: ReadonlySet<string | undefined> = new Set(['EPIPE', 'EIO'])

/** What differs between the ways this process is used. */
export interface ProgramIdentity {
  readonly program: CliPorts['program']
  readonly version: string
  /** Where data goes: stderr when stdout belongs to somebody else. */
  readonly dataTo: 1 | 2
}

/** The command line's ports on this process. Engine and app are loaded when they are first asked for. */
export function createNodePorts({ program, version, dataTo }: ProgramIdentity, argv: readonly string[]): CliPorts {
  return {
    argv,
    program,
    version,
    cwd: process.cwd(),
    env: process.env,
    loadPlatform: async () => (await import('../src/platform/node/create-platform.ts')).createNodePlatform(),
    stdin: createInput(),
    stdout: dataTo === 1 ? createOutput(process.stdout, isatty(1)) : createOutput(process.stderr, isatty(2)),
    stderr: createOutput(process.stderr, isatty(2)),
    signals: (onSignal) => {
      for (const signal of STOP_SIGNALS) process.on(signal, onSignal)
      return () => {
        for (const signal of STOP_SIGNALS) process.off(signal, onSignal)
      }
    },
    stopRequests: (onStop) => {
      process.on('SIGTSTP', onStop)
      return () => void process.off('SIGTSTP', onStop)
    },
    openApp: async (platform, projectOptions) => (await import('../src/app.ts')).openApp(platform, projectOptions),
    launchApp: async (request) => (await import('./launch-app.ts')).launchApp(request),
  }
}

/** A reader that went away (`| head`, a closed terminal) ends the output, not the work. */
function createOutput(stream: NodeJS.WriteStream, isTerminal: boolean): TextOutput {
  let isClosed = false
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (!GONE.has(error.code)) throw error
    isClosed = true
  })
  return {
    write: (text) => {
      if (!isClosed) stream.write(text)
    },
    isTerminal,
    columns: isTerminal ? stream.columns : 100,
  }
}

function createInput(): TextInput {
  // A terminal that went away has no more to say; it must not take the work with it.
  process.stdin.on('error', (error: NodeJS.ErrnoException) => {
    if (!GONE.has(error.code)) throw error
  })
  return {
    isTerminal: isatty(0),
    readLine: async (signal) => {
      const { createInterface } = await import('node:readline')
      return new Promise((resolve) => {
        const reader = createInterface({ input: process.stdin, signal })
        reader.once('line', (line) => {
          resolve(line)
          reader.close()
        })
        reader.once('close', () => resolve(undefined))
      })
    },
    readKey,
  }
}

/** Unbuffered, so that it needs no return key; ctrl-c is a key like others meanwhile. */
function readKey(signal: AbortSignal): Promise<string | undefined> {
  const { stdin } = process
  return new Promise((resolve) => {
    const settle = (key: string | undefined): void => {
      stdin.off('data', onData)
      stdin.off('end', onEnd)
      signal.removeEventListener('abort', onEnd)
      stdin.setRawMode(false)
      stdin.pause()
      resolve(key)
    }
    const onData = (data: Buffer): void => settle(data.toString())
    const onEnd = (): void => settle(undefined)
    stdin.setRawMode(true)
    stdin.on('data', onData)
    stdin.on('end', onEnd)
    signal.addEventListener('abort', onEnd)
    stdin.resume()
    if (signal.aborted) onEnd()
  })
}
