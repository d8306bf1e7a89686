import type { CommandContext } from '../command-context.ts'
import type { ConfirmDialog } from '../dialog/dialog.ts'
import { markAll, markRange, toggleMark, type Marks } from './selection.ts'
import { safe } from '../safe.ts'
import { cursorOf } from '../selectors.ts'

/** The prune screen: a rule (`keep`), marks on top of it, one confirmed step at the end. */
export function pruningCommands(context: CommandContext, refresh: () => Promise<void>) {
  const { engine, dispatch, state } = context

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
      const keep = state().prune?.plan.keep ?? state().overview?.keep
      if (keep === undefined) return context.say('warning', 'The history is not read yet.')
      if (await plan(keep)) {
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
      if (row.verdict === 'protected') context.say('warning', `${row.deployment.version} is protected: ${row.reason}`)
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
    async prune(): Promise<void> {
      const { prune } = state()
      if (!prune) return
      const { ids } = prune.marks
      const done = await context.wait('Moving versions into the archive', false, () =>
        engine.prune({ keep: prune.plan.keep, ids }),
      )
      if (!done) return
      await refresh()
      const moved = `${ids.length} ${ids.length === 1 ? 'version' : 'versions'} moved to ${safe(done.archiveFile)}`
      if (await plan(prune.plan.keep)) context.say('ok', moved)
    },
  }
}

type Confirm = (
  parts: Pick<ConfirmDialog, 'title' | 'facts' | 'warnings' | 'reasonMode' | 'expected' | 'label' | 'deed'>,
) => void

/** The dialog before versions move into the archive. */
export function pruneDialog({ state }: CommandContext, { confirm }: { readonly confirm: Confirm }) {
  return {
    confirmPrune(): void {
      const { prune } = state()
      if (!prune || prune.marks.ids.length === 0) return
      const count = prune.marks.ids.length
      const marked = prune.plan.rows.filter(({ deployment }) => prune.marks.ids.includes(deployment.id))
      const names = marked.slice(0, 5).map(({ deployment }) => deployment.version)
      confirm({
        title: `Prune ${count} ${count === 1 ? 'version' : 'versions'}`,
        facts: [
          names.join('  ') + (count > 5 ? `  and ${count - 5} more` : ''),
          `${count === 1 ? 'It moves' : 'They move'} into ${prune.plan.archiveFile}`,
        ],
        warnings: [`You can no longer roll back to ${count === 1 ? 'it' : 'them'} from here.`],
        reasonMode: 'none',
        expected: `prune ${count}`,
        label: 'Prune',
        deed: { kind: 'prune' },
      })
    },
  }
}
