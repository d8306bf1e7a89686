import { own } from '../domain/text/own.ts'
import { z } from 'zod'
import { sanitize } from '../domain/text/sanitize.ts'
import { maskSecrets } from '../domain/text/mask-secrets.ts'
import { BagboyError } from '../errors/bagboy-error.ts'
import type { ErrorCode } from '../errors/codes.ts'
import type { ExecResult, Secrets } from '../platform/platform.ts'
import type { TrafficContext } from './provider.ts'

/** A program and its arguments; never a shell string. */
export const commandLine = z.array(z.string().min(1)).min(1)
/** Names of environment variables that a program gets beside the few that every program gets. */
export const passedNames = z.array(z.string().regex(/^[A-Za-z_]\w*$/u, 'is no name of a variable')).default([])

/** Of what a program said, in characters. */
const EXCERPT_LENGTH = 400
const DENIED = /permission denied|operation not permitted|\bforbidden\b|must be root/iu

export interface CommandRequest {
  readonly words: readonly string[]
  /** Behind the words of the configuration. */
  readonly more?: readonly string[]
  readonly stdin?: string
  /** Variables to hand on, by name. */
  readonly pass?: readonly string[]
  /** Variables of our own. */
  readonly set?: Readonly<Record<string, string>>
  /** Whether it changes something: then it is checked first whether we still have the lock. */
  readonly isWrite?: boolean
}

export interface CommandResult extends Pick<ExecResult, 'exitCode' | 'stdout'> {
  /** What it had to say for itself, safe to show and without the values of the variables it was given. */
  readonly said: string
}

/** Runs a program in the project's folder and returns its result. @throws REGISTRY_TIMEOUT, REGISTRY_UNREACHABLE */
export async function runCommand(
  { platform, signal, timeoutMs, root, fence }: TrafficContext<unknown>,
  { words, more = [], stdin, pass = [], set = {}, isWrite = false }: CommandRequest,
): Promise<CommandResult> {
  const [file = '', ...args] = words
  const passed = Object.fromEntries(
    pass.flatMap((name) => {
      const value = own(platform.env, name)
      return value === undefined ? [] : [[name, value] as const]
    }),
  )
  const mayStart = isWrite ? await fence?.() : undefined
  mayStart?.()
  const input = stdin === undefined ? {} : { stdin }
  // A balancer that it starts anew goes on.
  const stays = isWrite ? ({ leavesRunning: true } as const) : {}
  const env = { ...passed, ...set }
  const result = await platform.exec(
    { file, args: [...args, ...more], cwd: root, env, timeoutMs, ...input, ...stays },
    signal,
  )
  return {
    exitCode: result.exitCode,
    stdout: result.stdout,
    said: saidBy(result, platform.secrets, Object.values(passed)),
  }
}

function saidBy({ stderr, stdout }: ExecResult, secrets: Secrets, passed: readonly string[]): string {
  const text = stderr.trim() === '' ? new TextDecoder().decode(stdout) : stderr
  return sanitize(maskSecrets(secrets.mask(text), passed).trim().replaceAll(/\s+/gu, ' '), EXCERPT_LENGTH)
}

/** The error a program's failure means: it was not allowed, or it refused. */
export function commandError(what: string, { exitCode, said }: CommandResult, hint: string): BagboyError {
  const code: ErrorCode = DENIED.test(said) ? 'REGISTRY_FORBIDDEN' : 'REGISTRY_REJECTED'
  return new BagboyError(code, `${what} ended with ${exitCode}${said === '' ? '' : `: ${said}`}`, {
    hint: code === 'REGISTRY_FORBIDDEN' ? `Run this as a user who may do it. ${hint}` : hint,
    details: { exitCode },
  })
}
