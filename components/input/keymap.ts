import type { AppState } from '../../store/state.ts'
import type { Binding } from './key-binding.ts'
import { COMMON_KEYS } from './common-keys.ts'
import { HEALTH_KEYS } from '../health/health-keys.ts'
import { RUN_KEYS } from '../run/run-keys.ts'
import { SCREEN_KEYS } from './screen-keys.ts'
import { TRAFFIC_KEYS } from '../traffic/traffic-keys.ts'

/** Every key of the app. */
export const KEYMAP: readonly Binding[] = [...SCREEN_KEYS, ...RUN_KEYS, ...HEALTH_KEYS, ...TRAFFIC_KEYS, ...COMMON_KEYS]

/** The line of the table a key means on a screen; the screen's own ones come first. Pure. */
export function bindingFor(key: string, state: AppState): Binding | undefined {
  const scopes = [state.screen, 'move', 'everywhere']
  return scopes.flatMap((scope) => KEYMAP.filter((one) => one.scope === scope)).find(({ keys }) => keys.includes(key))
}
