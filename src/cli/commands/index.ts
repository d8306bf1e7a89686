import type { CommandSpec } from '../command.ts'
import { applyCommand } from './apply.ts'
import { configCheckCommand } from './config-check.ts'
import { demoCommand } from './demo.ts'
import { lockReleaseCommand } from './lock-release.ts'
import { lockStatusCommand } from './lock-status.ts'
import { recordCommand } from './record.ts'
import { rollbackCommand } from './rollback.ts'
import { runsAbortCommand } from './runs-abort.ts'
import { runsListCommand } from './runs-list.ts'
import { runsResumeCommand } from './runs-resume.ts'
import { runsShowCommand } from './runs-show.ts'
import { runsSkipCommand } from './runs-skip.ts'
import { runsUndoCommand } from './runs-undo.ts'
import { statusCommand } from './status.ts'
import { versionsCompareCommand } from './versions-compare.ts'
import { versionsListCommand } from './versions-list.ts'
import {
  versionsHoldCommand,
  versionsPinCommand,
  versionsUnholdCommand,
  versionsUnpinCommand,
} from './versions-mark.ts'
import { versionsPruneCommand } from './versions-prune.ts'
import { versionsShowCommand } from './versions-show.ts'

/** Every command, in the order of the help. */
export const COMMANDS: readonly CommandSpec[] = [
  rollbackCommand,
  applyCommand,
  statusCommand,
  recordCommand,
  versionsListCommand,
  versionsShowCommand,
  versionsCompareCommand,
  versionsPruneCommand,
  versionsPinCommand,
  versionsUnpinCommand,
  versionsHoldCommand,
  versionsUnholdCommand,
  runsListCommand,
  runsShowCommand,
  runsResumeCommand,
  runsUndoCommand,
  runsSkipCommand,
  runsAbortCommand,
  lockStatusCommand,
  lockReleaseCommand,
  configCheckCommand,
  demoCommand,
]

/** What the word before the sub-command stands for in the help. */
export const GROUPS: Readonly<Record<string, string>> = {
  versions: 'The deployment history: list, show, compare, prune, pin, hold',
  runs: 'Rollbacks that were started: list, show, resume, undo, skip, abort',
  lock: 'The lock that keeps two operators apart',
  config: 'The configuration',
}
