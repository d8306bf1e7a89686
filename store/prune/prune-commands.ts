import { plural } from '../../src/view/plural.ts'
import type { CommandContext } from '../command-context.ts'
import { selectAll, selectRange, toggleSelected, type Selection } from './selection.ts'
import { safe } from '../safe.ts'
import { cursorOf } from '../cursor.ts'

/** The prune screen: a rule (`keep`), selection on top of it, one confirmed step at the end. */
export function pruneCommands(context: CommandContext, refresh: () => Promise<void>) {
  const { engine, confirm, dispatch, state } = context

  async function plan(keep: number): Promise<boolean> {
    const made = await context.wait('Working out what can go', true, () => engine.planPrune({ keep, ids: null }))
    if (!made) return false
    dispatch({ type: 'prune.planned', plan: safe(made) })
    return true
  }

  function changeSelection(change: (selection: Selection) => Selection): void {
    const { prune } = state()
    if (prune) dispatch({ type: 'prune.selected', selection: change(prune.selection) })
  }

  async function pruneSelected(): Promise<void> {
    const shown = state().prune
    if (!shown) return
    const { ids } = shown.selection
    const done = await context.wait('Moving versions into the archive', false, () =>
      engine.prune({ keep: shown.plan.keep, ids }),
    )
    if (!done) return
    await refresh()
    const moved = `${plural(ids.length, 'version')} moved to ${safe(done.archiveFile)}`
    if (await plan(shown.plan.keep)) context.notify('ok', moved)
  }

  return {
    async openPrune(): Promise<void> {
      const keep = state().prune?.plan.keep ?? state().overview?.keep
      if (keep === undefined) return context.notify('warning', 'The history is not read yet.')
      if (await plan(keep)) {
        dispatch({ type: 'cursor.set', screen: 'prune', index: 0 })
        context.open('prune')
      }
    },
    async changeKeep(by: number): Promise<void> {
      const keep = state().prune?.plan.keep
      if (keep !== undefined && keep + by >= 1) await plan(keep + by)
    },
    toggleSelected(): void {
      const row = state().prune?.plan.rows[cursorOf(state(), 'prune')]
      if (!row) return
      if (row.verdict === 'protected')
        context.notify('warning', `${row.deployment.version} is protected: ${row.reason}`)
      else changeSelection((selection) => toggleSelected(selection, row))
    },
    selectRange(): void {
      const { prune } = state()
      if (prune) changeSelection((selection) => selectRange(selection, prune.plan.rows, cursorOf(state(), 'prune')))
    },
    selectAll(): void {
      const { prune } = state()
      if (prune) changeSelection(() => selectAll(prune.plan.rows))
    },
    clearSelection(): void {
      changeSelection(() => ({ ids: [], anchor: null }))
    },
    confirmPrune(): void {
      const { prune } = state()
      if (!prune || prune.selection.ids.length === 0) return
      const count = prune.selection.ids.length
      const marked = prune.plan.rows.filter(({ deployment }) => prune.selection.ids.includes(deployment.id))
      const names = marked.slice(0, 5).map(({ deployment }) => deployment.version)
      confirm({
        title: `Prune ${plural(count, 'version')}`,
        facts: [
          names.join('  ') + (count > 5 ? `  and ${count - 5} more` : ''),
          `${count === 1 ? 'It moves' : 'They move'} into ${prune.plan.archiveFile}`,
        ],
        warnings: [`You can no longer roll back to ${count === 1 ? 'it' : 'them'} from here.`],
        expected: `prune ${count}`,
        label: 'Prune',
        accept: () => void pruneSelected(),
      })
    },
  }
}
