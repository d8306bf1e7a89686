import type { Engine } from '../../../../src/engine/engine.ts'
import type { RecordRequest } from '../../../../src/engine/records/record-request.ts'
import { aRequest, defaultApprover } from '../../../support/engine/engine-fixture.ts'

export const COMMANDS = [
  'record',
  'rollback',
  'rollback previous',
  'undo',
  'hold',
  'unhold',
  'pin',
  'unpin',
  'prune',
  'restore',
  'status',
  'list',
] as const
export type Command = (typeof COMMANDS)[number]

/** What a command may choose from. */
export interface Circumstances {
  /** A version that was not deployed here yet. */
  readonly next: string
  /** Every version that was deployed here, oldest first. */
  readonly known: readonly string[]
  readonly packages: RecordRequest['packages']
  /** Publishes a version in the registries of this environment. */
  readonly serve: (version: string) => void
  /** The newest run of this environment. */
  readonly newestRun: string | undefined
  /** Taken in turn, so that the same commands mean the same versions every time. */
  readonly turn: number
}

export interface Said {
  /** Everything that came back. */
  readonly answer: unknown
  readonly run?: string
}

/** One command as an operator would give it, whatever the engine makes of it. */
export async function perform(engine: Engine, command: Command, given: Circumstances): Promise<Said> {
  const { known, next, turn } = given
  const some = known[turn % known.length] ?? next
  switch (command) {
    case 'record':
      given.serve(next)
      return { answer: await engine.record({ version: next, commit: 'abc1234', packages: given.packages, notes: '' }) }
    case 'rollback':
      return rollBack(engine, 'last-good')
    case 'rollback previous':
      return rollBack(engine, 'previous')
    case 'undo': {
      const {
        id: runId,
        view,
        nothingToDo,
      } = await engine.undo(given.newestRun ?? 'NONE', defaultApprover, 'wrong').result
      return { answer: [view.plan, view.summary, nothingToDo], run: runId }
    }
    case 'hold':
      return { answer: await engine.mark({ mark: 'hold', version: some, reason: 'leaks' }) }
    case 'unhold':
      return { answer: await engine.mark({ mark: 'unhold', version: some, reason: 'fixed' }) }
    case 'pin':
    case 'unpin':
      return { answer: await engine.mark({ mark: command, version: some }) }
    case 'prune':
      return { answer: await engine.prune({ keep: 3, ids: null }) }
    case 'restore':
      return { answer: await engine.restore(some) }
    case 'status':
      return { answer: await engine.status() }
    case 'list': {
      const { history, runs, active } = await engine.overview()
      return { answer: [history, runs.slice(0, 20), active] }
    }
  }
}

async function rollBack(engine: Engine, target: string): Promise<Said> {
  const plan = await engine.plan(aRequest(target))
  const { view, id: runId } = await engine.run(plan, defaultApprover).result
  return { answer: [plan, view.summary], run: runId }
}
