import type { Json } from '../../../src/domain/text/json.ts'
import type { Action } from '../../../src/domain/plan.ts'
import { executeAction } from '../../../src/engine/rollback/step/execute-action.ts'
import { toErrorReport } from '../../../src/errors/bagboy-error.ts'
import type { Fence } from '../../../src/platform/platform.ts'
import type { ActContext, DriverContext, Snapshot, StepDraft, Subject } from '../../../src/registries/driver.ts'
import { writesIn } from '../../support/servers/fault-proxy.ts'
import { plannedGoals, type Goal } from '../../support/builders/planned-goals.ts'
import type { DriverFixture } from './driver-fixture.ts'

export interface SessionSettings {
  readonly signal?: AbortSignal
  readonly timeoutMs?: number
  /** Default: nobody can be asked. */
  readonly oneTimePassword?: () => Promise<string>
  readonly fence?: Fence
  readonly isPointerOnly?: boolean
  /** Default: where the actions were planned to lead. */
  readonly goal?: Goal
}

/** A driver driven as the engine drives it: read, plan, carry out in order, read again. */
export interface DriverSession {
  readonly subject: Subject
  readonly options: unknown
  inspect(subject?: Subject, settings?: SessionSettings): Promise<Snapshot>
  capture(version: string): Promise<Json>
  plan(snapshot: Snapshot, subject?: Subject): StepDraft | undefined
  /** As `plan`, for a step that must be needed. */
  draft(snapshot: Snapshot, subject?: Subject): StepDraft
  /** Carries actions out in order, planned from the pointer `expected`. */
  execute(actions: readonly Action[], expected: Json, settings?: SessionSettings): Promise<void>
  /** `PUT /path` each, as the proxy saw them. */
  writes(): readonly string[]
  /** How many of them the registry accepted. */
  acceptedWriteCount(): number
}

/** Stable across attempts, as the engine makes it. */
const STEP_KEY = '5f1d0c2ab94e7763'

export function openSession(
  fixture: Pick<
    DriverFixture,
    'driver' | 'package' | 'options' | 'versions' | 'platform' | 'root' | 'cacheFolder' | 'proxy' | 'settle'
  >,
): DriverSession {
  const { driver, proxy, versions } = fixture
  const options = driver.options.parse(fixture.options)
  const subject: Subject = { package: fixture.package, from: versions.bad, to: versions.old }
  const goals = plannedGoals()
  const context = (settings?: SessionSettings) => driverContext(fixture, options, settings)
  const session: DriverSession = {
    subject,
    options,
    inspect: (wanted = subject, settings) => driver.inspect(wanted, context(settings)),
    capture: (version) => driver.capture({ package: fixture.package, version }, context()),
    plan(snapshot, wanted = subject) {
      const draft = driver.plan({ subject: wanted, snapshot, options })
      goals.remember(draft, snapshot.pointer)
      return draft
    },
    draft(snapshot, wanted) {
      const draft = session.plan(snapshot, wanted)
      if (draft) return draft
      throw new Error(`the driver plans nothing from ${JSON.stringify(snapshot.pointer)}`)
    },
    async execute(actions, expected, settings) {
      const act: Omit<ActContext<unknown>, keyof Goal> = {
        ...context(settings),
        key: STEP_KEY,
        subject,
        expected,
        reason: 'error rate 12 %',
        fence: settings?.fence,
      }
      for (const action of actions)
        await executeAction(driver, action, { ...act, ...(settings?.goal ?? goals.of(action)) })
      await fixture.settle?.()
    },
    writes: () => writesIn(proxy.requests),
    acceptedWriteCount: () =>
      writesIn(proxy.requests.filter(({ applied, status }) => applied && status !== null && status < 300)).length,
  }
  return session
}

/** What the engine hands a driver, with nobody there to ask. */
export function driverContext(
  { platform, root, cacheFolder }: Pick<DriverFixture, 'platform' | 'root' | 'cacheFolder'>,
  options: unknown,
  settings: SessionSettings = {},
): DriverContext<unknown> {
  const { signal = new AbortController().signal, timeoutMs = 10_000, oneTimePassword = async () => '' } = settings
  const { isPointerOnly = false } = settings
  return { platform, options, signal, timeoutMs, root, cacheFolder, oneTimePassword, isPointerOnly }
}

/** The code of what a promise rejects with, or `resolved`. */
export async function codeOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'resolved',
    (error: unknown) => toErrorReport(error).code,
  )
}

/** Everything an error shows anywhere: report, stack and the whole chain of causes. */
export async function textOfFailure(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => '',
    (error: unknown) => [JSON.stringify(toErrorReport(error)), ...chain(error)].join('\n'),
  )
}

function chain(error: unknown): readonly string[] {
  if (!(error instanceof Error)) return [String(error)]
  return [error.stack ?? '', JSON.stringify(error), ...(error.cause === undefined ? [] : chain(error.cause))]
}
