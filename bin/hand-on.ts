import { spawn } from 'node:child_process'
import { realpathSync } from 'node:fs'
import { constants } from 'node:os'
import { delimiter } from 'node:path'
import { isatty } from 'node:tty'
import { HANDED_ON_BY } from './find-go-bagboy.ts'

const FORWARDED = ['SIGTERM', 'SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGUSR2'] as const

export type HandedOn = { readonly exitCode: number } | { readonly signal: NodeJS.Signals }

/** Runs the other program in our place: same terminal, arguments, signals; settles with the way it ended. */
export function handOn(file: string, argv: readonly string[], self: string): Promise<HandedOn> {
  const { promise, resolve, reject } = Promise.withResolvers<HandedOn>()
  const handedOnBy = [process.env[HANDED_ON_BY], realpathSync(self), realpathSync(file)].filter(Boolean).join(delimiter)
  const listeners = FORWARDED.map((name) => [name, () => forward(name)] as const)
  const forward = (name: NodeJS.Signals) => {
    // A terminal sends these two to the whole group: the child has had its own already.
    if ((name === 'SIGINT' || name === 'SIGQUIT') && isatty(0)) return
    child.kill(name)
  }
  // Before the other program starts: a signal that ended us between the two would leave it behind.
  for (const [name, listener] of listeners) process.on(name, listener)
  const child = spawn(file, argv, { stdio: 'inherit', env: { ...process.env, [HANDED_ON_BY]: handedOnBy } })
  const settle = () => {
    for (const [name, listener] of listeners) process.off(name, listener)
  }
  child.once('error', (error) => {
    settle()
    reject(error)
  })
  child.once('exit', (code, signal) => {
    settle()
    resolve(signal === null ? { exitCode: code ?? 1 } : { signal })
  })
  return promise
}

/** Ends this process as the other one ended: the shell sees the very same status. */
export function endAs(ending: HandedOn): void {
  if ('exitCode' in ending) {
    process.exitCode = ending.exitCode
    return
  }
  process.exitCode = 128 + constants.signals[ending.signal]
  process.kill(process.pid, ending.signal)
}
