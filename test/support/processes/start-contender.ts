import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

export interface Contender {
  readonly process: ChildProcess
  /** Sends one line to `lock-contender.ts` and gives back its answer. One at a time. */
  ask(line: string): Promise<string>
  /** `kill -9`, and the process is collected when it settles. */
  kill(): Promise<void>
}

export async function startContender(): Promise<Contender> {
  const file = fileURLToPath(new URL('lock-contender.ts', import.meta.url))
  const child = spawn(process.execPath, [file], { stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const next = async (): Promise<string> => {
    const { value, done } = await lines.next()
    if (done) throw new Error('the contender has ended')
    return value
  }
  await next()
  return {
    process: child,
    async ask(line) {
      child.stdin.write(`${line}\n`)
      return await next()
    },
    async kill() {
      const exited = once(child, 'exit')
      child.kill('SIGKILL')
      await exited
    },
  }
}
