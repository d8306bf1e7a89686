import { constants } from 'node:os'
import { randomBytes } from 'node:crypto'
import { sanitize } from '../../../domain/text/sanitize.ts'
import { BagboyError } from '../../../errors/bagboy-error.ts'
import type { Exec, ExecRequest } from '../../platform.ts'
import { collectOutput } from './collect-output.ts'
import { codeOf } from '../error-code.ts'
import { killMarked } from './kill-marked.ts'
import { openOutputFiles, type OutputFiles } from '../files/output-files.ts'

/** What a program may know of our environment: credentials reach it only when its driver passes them. */
const ALLOWED = /^(?:PATH|HOME|USER|LANG|TMPDIR|SSH_AUTH_SOCK|LC_.*|XDG_.*|.*_PROXY|.*_proxy)$/u
/** Of each stream. */
const MAX_BYTES = 8 * 1024 * 1024
/** How long the output may stay open after the program itself has ended: something in the background holds it. */
const LINGER_MS = 250
/** Between asking a program to end and ending it: long enough for git to remove its lock files. */
const MERCY_MS = 400
/** Told to every child, so that those who left the process group can be found. */
const MARK = 'BAGBOY_EXEC'

type Child = Awaited<ReturnType<typeof start>>['child']

export function createNodeExec(env: Readonly<Record<string, string | undefined>>): Exec {
  const listed = Object.fromEntries(Object.entries(env).filter(([name]) => ALLOWED.test(name)))
  return async (request, signal) => {
    signal.throwIfAborted()
    const mark = randomBytes(8).toString('hex')
    const inherited = request.inherits === 'user' ? env : listed
    const stop = Promise.withResolvers<Stop>()
    const onTooMuch = (): void => stop.resolve({ reason: tooMuchError(request) })
    const files = request.leavesRunning ? await openOutputFiles(MAX_BYTES, onTooMuch) : undefined
    try {
      const { child } = await start(request, { ...merged(inherited, request.env), [MARK]: mark }, files).catch(
        (error: unknown) => {
          throw startError(request, codeOf(error))
        },
      )
      const read = files ? () => files.read() : collectBoth(child, onTooMuch)
      const exitCode = await supervise(child, request, signal, { mark: `${MARK}=${mark}`, stop })
      const [stdout, stderr] = await read()
      return { exitCode, stdout, stderr: new TextDecoder().decode(stderr) }
    } finally {
      await files?.close()
    }
  }
}

function collectBoth(child: Child, onTooMuch: () => void): OutputFiles['read'] {
  const streams = [child.stdout, child.stderr] as const
  const [stdout, stderr] = streams.map((stream) => stream && collectOutput(stream, MAX_BYTES, onTooMuch))
  return () => Promise.resolve([stdout?.() ?? new Uint8Array(), stderr?.() ?? new Uint8Array()])
}

function merged(
  inherited: Readonly<Record<string, string | undefined>>,
  changes: ExecRequest['env'],
): Readonly<Record<string, string>> {
  const all = Object.entries({ ...inherited, ...changes })
  return Object.fromEntries(all.flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])))
}

/** In an object, because a promise of a child would wait for its end. */
async function start(request: ExecRequest, env: Readonly<Record<string, string>>, files: OutputFiles | undefined) {
  const { execa } = await import('execa')
  const child = execa(request.file, request.args, {
    ...(request.cwd === undefined ? {} : { cwd: request.cwd }),
    ...(request.stdin === undefined ? { stdin: 'ignore' } : { input: request.stdin }),
    // Any descriptor goes; the types know the first ones only.
    stdout: files ? (files.stdout as 3) : 'pipe',
    stderr: files ? (files.stderr as 3) : 'pipe',
    env,
    extendEnv: false,
    shell: false,
    encoding: 'buffer',
    reject: false,
    // execa would copy and escape all of the output into an error message that is never read.
    buffer: false,
    killDescendants: true,
    forceKillAfterDelay: MERCY_MS,
  })
  return { child }
}

/** Why the program is ended before it ends by itself. */
interface Stop {
  readonly reason: unknown
}

interface Supervision {
  /** In the environment of everything that it started. */
  readonly mark: string
  readonly stop: PromiseWithResolvers<Stop>
}

/** @returns the exit code */
async function supervise(
  child: Child,
  request: ExecRequest,
  signal: AbortSignal,
  { mark, stop }: Supervision,
): Promise<number> {
  const exited = new Promise<void>((resolve) => child.nodeChildProcess.once('exit', () => resolve()))
  const deadline = setTimeout(() => stop.resolve({ reason: timeoutError(request) }), request.timeoutMs)
  const onAbort = (): void => stop.resolve({ reason: signal.reason })
  signal.addEventListener('abort', onAbort, { once: true })
  if (signal.aborted) onAbort()
  const lingering = closeWhenQuiet(child, exited)
  try {
    const outcome = await Promise.race([child, stop.promise])
    if ('reason' in outcome) {
      await endAll(child, exited, mark)
      throw outcome.reason
    }
    if (!request.leavesRunning) child.kill('SIGKILL')
    return exitCodeOf(outcome, request)
  } finally {
    clearTimeout(deadline)
    lingering.end()
    signal.removeEventListener('abort', onAbort)
  }
}

/** Ends the process group, then the processes that left it; returns in time even when something cannot be ended. */
async function endAll(child: Child, exited: Promise<void>, mark: string): Promise<void> {
  child.kill('SIGTERM')
  await Promise.race([exited, delay(MERCY_MS)])
  child.kill('SIGKILL')
  await killMarked(mark)
  closePipes(child)
  await Promise.race([exited, delay(MERCY_MS)])
}

/**
 * Closes the output of a program that has ended when nothing comes any more, because something in the background holds it.
 * What was written is read first, however late we come to it: a timer fires before the reading on a busy machine.
 */
function closeWhenQuiet(child: Child, exited: Promise<void>): { end(): void } {
  let chunkCount = 0
  let isEnded = false
  let timer: NodeJS.Timeout | undefined
  const count = (): void => void (chunkCount += 1)
  child.stdout?.on('data', count)
  child.stderr?.on('data', count)
  const wait = (seen: number): void => {
    timer = setTimeout(() => {
      setImmediate(() => {
        if (isEnded) return
        if (chunkCount === seen) closePipes(child)
        else wait(chunkCount)
      })
    }, LINGER_MS)
  }
  void exited.then(() => {
    if (!isEnded) wait(chunkCount)
  })
  return {
    end() {
      isEnded = true
      clearTimeout(timer)
    },
  }
}

function closePipes(child: Child): void {
  child.stdin?.destroy()
  child.stdout?.destroy()
  child.stderr?.destroy()
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

/** Nothing of execa's own messages: they hold the arguments, and those may be secret. */
function exitCodeOf(result: Awaited<Child>, request: ExecRequest): number {
  const exitCode = result.exitCode ?? (result.signal ? 128 + constants.signals[result.signal] : undefined)
  if (exitCode === undefined) throw startError(request, result.code ?? '')
  return exitCode
}

function tooMuchError(request: ExecRequest): BagboyError {
  return new BagboyError('REGISTRY_BROKEN', `${sanitize(request.file, 200)} printed more than ${MAX_BYTES} bytes`)
}

function startError(request: ExecRequest, code: string): BagboyError {
  const name = sanitize(request.file, 200)
  const folderHint = request.cwd === undefined ? '' : `; its folder is ${sanitize(request.cwd)}`
  return new BagboyError('REGISTRY_UNREACHABLE', `${name} could not be started (${code})`, {
    hint: `Install ${name} or correct PATH${folderHint}.`,
    details: { code },
  })
}

function timeoutError(request: ExecRequest): BagboyError {
  return new BagboyError(
    'REGISTRY_TIMEOUT',
    `${sanitize(request.file, 200)} was not done within ${request.timeoutMs} ms and was ended`,
    { hint: 'Look at what it waits for, or allow more time with --timeout.' },
  )
}
