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
