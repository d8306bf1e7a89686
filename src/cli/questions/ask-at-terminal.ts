import type { DeployCommand } from '../../domain/traffic/deploy-plan.ts'
import { isWaiting } from '../../events/apply-command.ts'
import type { Invocation } from '../command.ts'
import type { DeployPosition, DeployView } from '../../events/deploy-view.ts'

/** Asks at the terminal what a deploy waits for. An answer from another process ends the question. */
export interface TerminalDesk {
  show(view: DeployView): void
  close(): void
}

export async function askAtTerminal(deploy: string, invocation: Invocation): Promise<TerminalDesk> {
  const { ports, output, interruption } = invocation
  if (!ports.stdin.isTerminal || !ports.stderr.isTerminal) return { show: () => undefined, close: () => undefined }
  const { engine } = await invocation.open()
  let asking: { readonly key: string; readonly over: AbortController } | undefined

  function stop(): void {
    asking?.over.abort()
    asking = undefined
  }

  async function ask(choices: readonly DeployCommand[], seen: DeployPosition, signal: AbortSignal): Promise<void> {
    for (;;) {
      ports.stderr.write(`${choices.join(', ')}? `)
      const line = await ports.stdin.readLine(signal)
      if (line === undefined || signal.aborted) return
      const command = choices.find((choice) => choice === line.trim())
      if (!command) continue
      const { status, why } = await engine.commandDeploy(deploy, command, '', seen, signal)
      if (status === 'refused') output.note({ text: why, tone: 'warning' })
      return
    }
  }

  return {
    show(view) {
      const choices = choicesFor(view)
      const { position, askedSeq } = view
      const key = choices.length === 0 ? '' : `${position} ${askedSeq} ${choices.join(' ')}`
      if (key === (asking?.key ?? '')) return
      stop()
      if (choices.length === 0 || interruption.hungUp.aborted) return
      const over = new AbortController()
      asking = { key, over }
      const signal = AbortSignal.any([over.signal, interruption.signal, interruption.hungUp])
      void ask(choices, { position, askedSeq }, signal).catch((error: unknown) => {
        if (!signal.aborted) output.note({ text: String(error), tone: 'bad' })
      })
    },
    close: stop,
  }
}

/** The commands that a person may give now; empty when the deploy does not wait for one. Pure. */
function choicesFor(view: DeployView): readonly DeployCommand[] {
  if (view.result !== null || view.direction === 'back') return []
  if (view.question) return view.question.kind === 'provider' ? [] : view.question.choices
  if (view.isPaused) return ['resume', 'abort']
  const current = view.stages[view.position]
  return isWaiting(view) && current?.endsAt === null ? ['promote', 'abort'] : []
}
