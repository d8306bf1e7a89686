import type { AppState } from '../../store/state.ts'
import { COMPARE_KEYS } from '../compare/compare-keys.ts'
import { HEALTH_KEYS } from '../health/health-keys.ts'
import { HISTORY_KEYS } from '../history/history-keys.ts'
import { PLAN_KEYS } from '../plan/plan-keys.ts'
import { PRUNE_KEYS } from '../prune/prune-keys.ts'
import { RECOVERY_KEYS } from '../recovery/recovery-keys.ts'
import { RUN_KEYS } from '../run/run-keys.ts'
import { TRAFFIC_KEYS } from '../traffic/traffic-keys.ts'
import { COMMON_KEYS } from './common-keys.ts'
import type { KeyBinding } from './key-binding.ts'
import { MOVE_KEYS } from './move-keys.ts'

/** Every key of the app. A key stands in the folder of the screen that it works on, or that it opens. */
export const KEYMAP: readonly KeyBinding[] = [
  ...MOVE_KEYS,
  ...HISTORY_KEYS,
  ...HEALTH_KEYS,
  ...COMPARE_KEYS,
  ...PLAN_KEYS,
  ...RUN_KEYS,
  ...RECOVERY_KEYS,
  ...PRUNE_KEYS,
  ...TRAFFIC_KEYS,
  ...COMMON_KEYS,
]

/** What a key means on a screen; the screen's own keys come first. Pure. */
export function bindingFor(key: string, state: AppState): KeyBinding | undefined {
  const scopes = [state.screen, 'move', 'everywhere']
  return scopes.flatMap((scope) => KEYMAP.filter((one) => one.scope === scope)).find(({ keys }) => keys.includes(key))
}
