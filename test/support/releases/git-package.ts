import { join } from 'node:path'
import type { Json } from '../../../src/domain/text/json.ts'
import type { Action } from '../../../src/domain/plan.ts'
import type { Version } from '../../../src/domain/version.ts'
import { executeAction } from '../../../src/engine/rollback/step/execute-action.ts'
import { createNodePlatform } from '../../../src/platform/node/create-platform.ts'
import type { Platform } from '../../../src/platform/platform.ts'
import type { AnyDriver, DriverContext, Snapshot, StepDraft, Subject } from '../../../src/registries/driver.ts'
import { GIT_ENVIRONMENT } from '../processes/run-client.ts'
import { plannedGoals } from '../builders/planned-goals.ts'

export interface GitPackageSettings {
  readonly driver: AnyDriver
  /** Folder or address of the repository. */
  readonly remote: string
  readonly folder: string
  readonly name?: string
  readonly options?: Readonly<Record<string, unknown>>
  /** Default: from v1.3.0 to v1.2.0. */
  readonly versions?: { readonly from: string; readonly to: string }
  readonly pins?: { readonly old: Json; readonly bad: Json }
  readonly platform?: Partial<Platform>
  readonly key?: string
}

/** One package in a git repository, driven as the engine drives it. */
export interface GitPackage {
  readonly subject: Subject
  readonly context: DriverContext<unknown>
  inspect(to?: { readonly version: string; readonly pin: Json }): Promise<Snapshot>
  plan(snapshot: Snapshot, reason?: string): StepDraft | undefined
  execute(actions: readonly Action[] | undefined): Promise<void>
  /** Read, plan, carry out. */
  rollBack(reason?: string): Promise<StepDraft | undefined>
}

export function aGitPackage(settings: GitPackageSettings): GitPackage {
  const { driver, remote, folder, name = 'myapp', pins = { old: null, bad: null }, key = '5f1d0c2ab94e7763' } = settings
  const { from, to: target } = settings.versions ?? { from: 'v1.3.0', to: 'v1.2.0' }
  const subject: Subject = {
    package: { format: driver.format, registry: 'acme/tap', name },
    from: { version: from as Version, pin: pins.bad },
    to: { version: target as Version, pin: pins.old },
  }
  const context: DriverContext<unknown> = {
    platform: { ...createNodePlatform(), env: GIT_ENVIRONMENT, ...settings.platform },
    options: driver.options.parse({ remote, ...settings.options }),
    signal: new AbortController().signal,
    timeoutMs: 20_000,
    root: folder,
    cacheFolder: join(folder, 'cache'),
    oneTimePassword: async () => '',
  }
  const of = (to?: { readonly version: string; readonly pin: Json }): Subject =>
    to ? { ...subject, to: { version: to.version as Version, pin: to.pin } } : subject
  const goals = plannedGoals()
  const plan = (snapshot: Snapshot) => {
    const draft = driver.plan({ subject, snapshot, options: context.options })
    goals.remember(draft, snapshot.pointer)
    return draft
  }
  const execute = async (actions: readonly Action[] | undefined, reason = 'it breaks'): Promise<void> => {
    const act = { ...context, key, subject, expected: null, reason }
    for (const action of actions ?? []) await executeAction(driver, action, { ...act, ...goals.of(action) })
  }
  return {
    subject,
    context,
    plan,
    execute,
    inspect: (to) => driver.inspect(of(to), context),
    async rollBack(reason) {
      const draft = plan(await driver.inspect(subject, context))
      await execute(draft?.actions, reason)
      return draft
    },
  }
}
