import type { RollbackPlan } from '../../../src/domain/plan.ts'
import { aPlan } from '../builders/app-builders.ts'
import { aScriptedEngine, type ScriptedEngine } from './app-engine.ts'
import { watchNext } from '../engine/health-script.ts'
import type { ScriptedWatch } from '../engine/scripted-watch.ts'
import { openApp, type Screen } from './terminal.tsx'

/** Keys that change the world are ignored for so long after a screen has changed. */
export const GUARD_MS = 130

export interface WatchedApp {
  readonly engine: ScriptedEngine
  readonly watch: ScriptedWatch
  readonly screen: Screen
}

/** The app over a scripted watch whose checks all pass. */
export async function aWatchedApp(
  names: readonly string[] = ['health', 'login'],
  options: Parameters<typeof openApp>[1] = {},
  engine = aScriptedEngine(),
): Promise<WatchedApp> {
  const watch = watchNext(engine, names)
  const screen = await openApp(engine, options)
  await screen.shows(`health ✓ ${names.length} of ${names.length}`)
  return { engine, watch, screen }
}

/** The plan of a rollback that a trigger made. */
export const triggeredPlan = (): RollbackPlan => ({
  ...aPlan(),
  reason: 'automatic: login',
  trigger: { kind: 'health_check_failures' },
})
