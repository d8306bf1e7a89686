import type { Action } from '../../../src/domain/plan.ts'
import { executeAction } from '../../../src/engine/rollback/step/execute-action.ts'
import type { AnyDriver, DriverContext, Subject } from '../../../src/registries/driver.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { platformWith } from '../../support/test-platform.ts'
import { plannedGoals } from '../../support/builders/planned-goals.ts'

interface DriverStepSettings {
  readonly driver: AnyDriver
  readonly subject: Subject
  readonly options: Readonly<Record<string, unknown>>
  readonly env?: Readonly<Record<string, string>>
}

/** One registry's part of a rollback, driven as the engine drives it. */
export interface DriverStep {
  /** Read, plan, write, read back; each time with nothing remembered and no connection open. Throws unless proved. */
  rollBack(): Promise<void>
  /** Carries out what the last plan would be undone with. */
  undo(): Promise<void>
}

export function createDriverStep({ driver, subject, options, env = {} }: DriverStepSettings): DriverStep {
  const root = temporaryFolder('driver-step')
  let undoing: readonly Action[] = []
  const newContext = (): DriverContext<unknown> => ({
    platform: platformWith({ HOME: root, ...env }),
    options: driver.options.parse(options),
    signal: new AbortController().signal,
    timeoutMs: 30_000,
    root,
    cacheFolder: root,
    oneTimePassword: async () => '',
  })
  const goals = plannedGoals()
  const execute = async (actions: readonly Action[], context: DriverContext<unknown>): Promise<void> => {
    const act = {
      ...context,
      key: '5f1d0c2ab94e7763',
      subject,
      expected: null,
      reason: 'too many errors',
    }
    for (const action of actions) await executeAction(driver, action, { ...act, ...goals.of(action) })
  }
  return {
    async rollBack() {
      const context = newContext()
      const snapshot = await driver.inspect(subject, context)
      const draft = driver.plan({ subject, snapshot, options: context.options })
      if (!draft) throw new Error(`${driver.format} plans nothing`)
      goals.remember(draft, snapshot.pointer)
      undoing = draft.undo
      await execute(draft.actions, context)
      const { pointer } = await driver.inspect(subject, context)
      if (JSON.stringify(pointer) !== JSON.stringify(draft.want)) throw new Error(`${driver.format} did not move`)
    },
    undo: () => execute(undoing, newContext()),
  }
}
