import type { CommandContext } from '../command-context.ts'
import { shellWord } from '../../src/domain/text/shell-word.ts'

type Flag = 'hold' | 'unhold' | 'pin' | 'unpin'

/** What is asked before a version is held or pinned, and the menu of ready-made filters. */
export function historyDialogs(context: CommandContext, refresh: () => Promise<void>) {
  const { engine, confirm, dispatch, state } = context

  async function setFlag(flag: Flag, version: string, reason: string): Promise<void> {
    const done = await context.wait('Writing the history', false, () =>
      flag === 'hold' || flag === 'unhold'
        ? engine.mark({ mark: flag, version, reason })
        : engine.mark({ mark: flag, version }),
    )
    if (!done) return
    await refresh()
    context.notify('ok', `Done. The same: ${state().options.program} versions ${flag} ${shellWord(version)}`)
  }

  return {
    confirmFlag(flag: Flag, version: string): void {
      const isHold = flag === 'hold' || flag === 'unhold'
      confirm({
        title: `${flag} ${version}`,
        facts: [FACTS[flag]],
        reasonMode: isHold ? 'required' : 'none',
        expected: isHold ? version : '',
        label: flag,
        accept: (reason) => void setFlag(flag, version, reason),
      })
    },
    openFilterMenu(): void {
      const accept = (text: string): void => dispatch({ type: 'filter.changed', text, isOpen: false })
      dispatch({ type: 'dialog.opened', dialog: { kind: 'menu', title: 'Show', options: FILTERS, accept } })
    },
  }
}

const FACTS: Readonly<Record<Flag, string>> = {
  hold: 'A held version cannot ship again unseen.',
  unhold: 'The version may ship again.',
  pin: 'A pinned version is never pruned.',
  unpin: 'The version may be pruned again.',
}

const FILTERS = [
  { value: '', label: 'everything' },
  { value: 'health:healthy', label: 'healthy when deployed' },
  { value: 'state:rolled', label: 'rolled back' },
  { value: 'state:failed', label: 'failed' },
  { value: 'is:held', label: 'held' },
  { value: 'is:pinned', label: 'pinned' },
] as const
