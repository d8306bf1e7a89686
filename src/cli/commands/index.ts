import type { CommandSpec } from '../command.ts'
import { DEPLOY_SPECS } from './deploy/specs.ts'
import { STATE_SPECS, UPKEEP_SPECS } from './project/specs.ts'
import { ROLLBACK_SPECS } from './rollback/specs.ts'
import { RUN_SPECS } from './runs/specs.ts'
import { TRUST_SPECS } from './trust/specs.ts'
import { VERSION_SPECS } from './versions/specs.ts'

/** Every command, in the order of the help. */
export const COMMANDS: readonly CommandSpec[] = [
  ...ROLLBACK_SPECS,
  ...DEPLOY_SPECS,
  ...STATE_SPECS,
  ...VERSION_SPECS,
  ...RUN_SPECS,
  ...TRUST_SPECS,
  ...UPKEEP_SPECS,
]

/** What the word before the sub-command stands for in the help. */
export const GROUPS: Readonly<Record<string, string>> = {
  traffic: 'Traffic between the two slots: status, shift, switch, promote, pause, resume, abort',
  versions: 'The deployment history: list, show, compare, prune, restore, pin, hold',
  runs: 'Rollbacks that were started: list, show, follow, resume, undo, skip, abort',
  lock: 'The lock that keeps two operators apart',
  config: 'The configuration',
}
