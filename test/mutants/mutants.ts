/** One bug that was made somewhere before, put into a copy of the sources. */
export interface Mutant {
  readonly number: number
  /** What goes wrong, and who has shown it. */
  readonly name: string
  readonly changes: readonly Change[]
  /** The narrow suite that must find it. */
  readonly suite: Suite
}

export interface Change {
  readonly file: string
  /** Stands there exactly once. */
  readonly from: string
  readonly to: string
}

export interface Suite {
  readonly file: string
  /** Of the titles of its tests; all of them when absent. */
  readonly only?: string
  readonly env?: Readonly<Record<string, string>>
}

const SEED = { BAGBOY_SEED: '1' }
const STEP_GOAL = 'src/engine/rollback/step/step-goal.ts'
const RUN_STEP = 'src/engine/rollback/step/run-step.ts'
const DURABLE = 'src/platform/node/files/durable.ts'

export const MUTANTS: readonly Mutant[] = [
  {
    number: 1,
    name: 'only what was confirmed is compensated',
    changes: [
      {
        file: STEP_GOAL,
        from: "if (!step.wasIntended) return { kind: 'nothing', detail: 'never started' }",
        to: "if (!step.wasIntended || step.proof === null) return { kind: 'nothing', detail: 'never started' }",
      },
    ],
    suite: { file: 'test/chaos/failpoint-sweep.test.ts', only: 'undo', env: SEED },
  },
  {
    number: 2,
    name: 'a read that shows nothing to undo is believed',
    changes: [
      {
        file: STEP_GOAL,
        from: "  if (!mayHaveMoved(step) && (state === 'before' || state === 'other')) {\n",
        to: "  if (state === 'before' || (!mayHaveMoved(step) && state === 'other')) {\n",
      },
    ],
    suite: { file: 'test/chaos/failpoint-sweep.test.ts', only: 'undo', env: SEED },
  },
  {
    number: 3,
    name: 'no fsync of the folder',
    changes: [{ file: DURABLE, from: "if (process.platform === 'win32') return", to: 'if (path) return' }],
    suite: { file: 'test/chaos/crash-states.test.ts', only: 'nothing acknowledged is lost' },
  },
  {
    number: 4,
    name: 'no fsync of the file',
    changes: [{ file: DURABLE, from: '      await file.sync()\n      const { size }', to: '      const { size }' }],
    suite: { file: 'test/chaos/crash-states.test.ts', only: 'nothing acknowledged is lost' },
  },
  {
    number: 5,
    name: 'a commit is acknowledged before its record is linked',
    changes: [
      {
        file: 'src/history/history-folder.ts',
        from: '    createRevision: (revision) =>\n      files.createExclusive(revisionPath(revision.revision), encode(revisionText(revision))),',
        to: '    async createRevision(revision) {\n      void files.createExclusive(revisionPath(revision.revision), encode(revisionText(revision)))\n      return true\n    },',
      },
    ],
    suite: { file: 'test/contract/history/many-writers.test.ts', only: 'four processes' },
  },
  {
    number: 6,
    name: 'a short write is not noticed',
    changes: [
      {
        file: DURABLE,
        from: "    if (bytesWritten === 0) throw Object.assign(new Error('nothing was written'), { code: 'EIO' })\n    offset += bytesWritten",
        to: '    offset += bytesWritten + bytes.length',
      },
      { file: DURABLE, from: 'if (size !== bytes.length) throw', to: 'if (size > bytes.length) throw' },
    ],
    suite: { file: 'test/src/platform/node/durable-files.test.ts' },
  },
  {
    number: 7,
    name: "a dead holder's lock is removed and made again",
    changes: [
      {
        file: 'src/lock/epoch-lock.ts',
        from: '{ epoch: state.epoch + 1, ...request }',
        to: "{ epoch: state.state === 'dead' ? state.epoch : state.epoch + 1, ...request }",
      },
      {
        file: 'src/lock/lock-folder.ts',
        from: '      await files.makeFolder(folder)\n',
        to: "      await files.makeFolder(folder)\n      await files.remove(pathOf(record.epoch, 'json'))\n",
      },
    ],
    suite: { file: 'test/contract/lock/contention.test.ts', only: 'hand the lock of a dead holder' },
  },
  {
    number: 8,
    name: 'nobody asks whether the lock is still held',
    changes: [
      {
        file: 'src/lock/held-lock.ts',
        from: '    if (loss !== undefined) return\n',
        to: '    if (epoch > 0) return\n',
      },
    ],
    suite: { file: 'test/src/engine/rollback/takeover.test.ts' },
  },
  {
    number: 9,
    name: 'a step is tried again without a look at the registry',
    changes: [
      {
        file: RUN_STEP,
        from: '    await inspectOne(subjectOf(context.recorder.step(id)), registry, context.contextFor, signal),\n',
        to: "    (stepRun.direction === 'do' ? context.preflight.observed.get(id) : undefined) ??\n      (await inspectOne(subjectOf(context.recorder.step(id)), registry, context.contextFor, signal)),\n",
      },
    ],
    suite: { file: 'test/chaos/failpoint-sweep.test.ts', only: 'commit', env: SEED },
  },
  {
    number: 10,
    name: 'the intent is written down after the effect',
    changes: [
      {
        file: RUN_STEP,
        from: "  await context.recorder.emit({\n    type: 'step.intent',",
        to: "  const error = await act(stepRun, goal, snapshot.pointer)\n  await context.recorder.emit({\n    type: 'step.intent',",
      },
      {
        file: RUN_STEP,
        from: '  const error = await act(stepRun, goal, snapshot.pointer)\n  return proveStep(stepRun, {\n    before: goal.from',
        to: '  return proveStep(stepRun, {\n    before: goal.from',
      },
    ],
    suite: { file: 'test/chaos/failpoint-sweep.test.ts', only: 'commit', env: SEED },
  },
  {
    number: 11,
    name: 'damage in the middle of a journal is cut off like a torn end',
    changes: [
      {
        file: 'src/journal/read-journal.ts',
        from: '      if (isLast && !hidesRecord(text, hashOf(lines))) break\n',
        to: '      if (isLast || !hidesRecord(text, hashOf(lines))) break\n',
      },
    ],
    suite: { file: 'test/src/journal/file-journal.test.ts' },
  },
  {
    number: 12,
    name: 'an emptied file is read as an empty history',
    changes: [
      {
        file: 'src/history/read/recover-text.ts',
        from: "  if (text.trim() === '') throw",
        to: "  if (text.trim() === '') return { text, hash, newest: undefined, behind: 0, isForeign: false }\n  if (text.trim() === '') throw",
      },
    ],
    suite: { file: 'test/src/history/recovery.test.ts' },
  },
]
