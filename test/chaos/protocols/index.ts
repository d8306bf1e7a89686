import { historyCommit, historyPrune, historyTrim } from './history-commit.ts'
import { journalAppend, journalTakeover, runClose } from './journals.ts'
import { lockCycle } from './locks.ts'
import { planSave } from './plan-save.ts'
import type { Protocol } from './protocol.ts'

/** Everything that is ever written and must survive. */
export const PROTOCOLS: readonly Protocol[] = [
  historyCommit,
  historyPrune,
  historyTrim,
  journalAppend,
  journalTakeover,
  ...runClose,
  lockCycle,
  planSave,
]
