import type { CommandContext } from './command-context.ts'
import { markAll, markRange, toggleMark, type Marks } from './marks.ts'
import { safe } from './safe.ts'
import { cursorOf } from './selectors.ts'

export const DEFAULT_KEEP = 10

/** The prune screen: a rule (`keep`), marks on top of it, one confirmed step at the end. */
export function pruningCommands(context: CommandContext, refresh: () => Promise<void>) {
  const { engine, dispatch, state, ports } = context

  async function plan(keep: number): Promise<boolean> {
    const made = await context.wait('Working out what can go', true, () => engine.planPrune({ keep, ids: null }))
    if (!made) return false
    dispatch({ type: 'prune.planned', plan: safe(made) })
    return true
  }

  function mark(change: (marks: Marks) => Marks): void {
    const { prune } = state()
    if (prune) dispatch({ type: 'prune.marked', marks: change(prune.marks) })
  }

  return {
    async openPrune(): Promise<void> {
      if (await plan(state().prune?.plan.keep ?? DEFAULT_KEEP)) {
        dispatch({ type: 'cursor.set', screen: 'prune', index: 0 })
        context.open('prune')
      }
    },
    async changeKeep(by: number): Promise<void> {
      const keep = state().prune?.plan.keep
      if (keep !== undefined && keep + by >= 1) await plan(keep + by)
    },
    toggleMark(): void {
      const row = state().prune?.plan.rows[cursorOf(state(), 'prune')]
      if (!row) return
      if (row.verdict === 'protected') context.say('careful', `${row.deployment.version} is protected: ${row.reason}`)
      else mark((marks) => toggleMark(marks, row))
    },
    markRange(): void {
      const { prune } = state()
      if (prune) mark((marks) => markRange(marks, prune.plan.rows, cursorOf(state(), 'prune')))
    },
    markAll(): void {
      const { prune } = state()
      if (prune) mark(() => markAll(prune.plan.rows))
    },
    clearMarks(): void {
      mark(() => ({ ids: [], anchor: null }))
    },
    confirmPrune(): void {
      const { prune } = state()
      if (!prune || prune.marks.ids.length === 0) return
      const count = prune.marks.ids.length
      const marked = prune.plan.rows.filter(({ deployment }) => prune.marks.ids.includes(deployment.id))
      dispatch({
        type: 'dialog.opened',
        dialog: {
          kind: 'confirm',
          title: `Prune ${count} ${count === 1 ? 'version' : 'versions'}`,
          facts: [
            marked
              .slice(0, 5)
              .map(({ deployment }) => deployment.version)
              .join('  ') + (count > 5 ? `  and ${count - 5} more` : ''),
            `They move into ${prune.plan.archiveFile}`,
          ],
          warnings: ['You can no longer roll back to them from here.'],
          reasonMode: 'none',
          reason: '',
          expected: `prune ${count}`,
          typed: '',
          label: 'Prune',
          focus: 'cancel',
          deed: { kind: 'prune' },
          lastKeyMs: ports.elapsedMs(),
        },
      })
    },
    async prune(): Promise<void> {
      const { prune } = state()
      if (!prune) return
      const { ids } = prune.marks
      const done = await context.wait('Moving versions into the archive', false, () =>
        engine.prune({ keep: prune.plan.keep, ids }),
      )
      if (!done) return
      await refresh()
      if (await plan(prune.plan.keep)) context.say('ok', `${ids.length} versions moved to ${safe(done.archiveFile)}`)
    },
  }
}
