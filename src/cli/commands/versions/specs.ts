import { ALL_ENVIRONMENTS_OPTION, OUTPUT_OPTION, YES_OPTION, type CommandSpec, type OptionSpec } from '../../command.ts'

const ENTRY = 'v1.2.0 or @12 (history id)'
const REASON: OptionSpec = { flags: '--reason <text>', summary: 'why; a hold needs one' }

export const VERSION_SPECS: readonly CommandSpec[] = [
  {
    name: 'versions list',
    group: 'The deployment history',
    args: [],
    summary: 'The deployment history of the environment, newest first',
    options: [{ flags: '-n, --limit <count>', summary: 'only so many' }, ALL_ENVIRONMENTS_OPTION, OUTPUT_OPTION],
    examples: ['versions list', 'versions list -n 10', 'versions list --all-environments', 'versions list -o ndjson'],
    load: async () => (await import('./list.ts')).runVersionsList,
  },
  {
    name: 'versions show',
    args: [['<VERSION>', ENTRY]],
    summary: 'One entry of the history with its packages and pins',
    options: [OUTPUT_OPTION],
    examples: ['versions show v1.2.0', 'versions show @12 -o json'],
    load: async () => (await import('./show.ts')).runVersionsShow,
  },
  {
    name: 'versions compare',
    args: [
      ['<A>', ENTRY],
      ['<B>', 'the same'],
    ],
    summary: 'Two versions side by side',
    options: [OUTPUT_OPTION],
    examples: ['versions compare v1.2.0 v1.3.0', 'versions compare @3 @7 -o json'],
    load: async () => (await import('./compare.ts')).runVersionsCompare,
  },
  {
    name: 'versions prune',
    args: [],
    summary: 'Move old entries from the history into the archive',
    options: [
      { flags: '--keep <count>', summary: 'newest entries that stay; default: history.keep of bagboy.yaml' },
      { flags: '--dry-run', summary: 'only show what would move' },
      YES_OPTION,
      OUTPUT_OPTION,
    ],
    examples: ['versions prune --keep=10 --dry-run', 'versions prune --keep=10 --yes'],
    load: async () => (await import('./prune.ts')).runVersionsPrune,
  },
  {
    name: 'versions restore',
    args: [['<VERSION>', ENTRY]],
    summary: 'Restore pruned entries from the archive, with their ids',
    options: [{ flags: '--dry-run', summary: 'only show what would be restored' }, OUTPUT_OPTION],
    examples: ['versions restore v1.0.0', 'versions restore @3 --dry-run'],
    load: async () => (await import('./restore.ts')).runVersionsRestore,
  },
  markSpec('pin', 'Protect a version from pruning', []),
  markSpec('unpin', 'Give up that protection', []),
  {
    name: 'versions hold',
    args: [['[VERSION]', 'v1.3.0']],
    summary: 'Hold a version, so that it is not shipped again',
    options: [
      REASON,
      { flags: '--unrecorded', summary: 'also when neither the history nor a registry knows the version' },
      { flags: '--export <file>', summary: 'instead: write all held versions into a JSON file, for CI to check' },
      OUTPUT_OPTION,
    ],
    examples: ['versions hold v1.3.0 --reason "5xx after deploy"', 'versions hold --export holds.json'],
    load: async () => (await import('./hold.ts')).runVersionsHold,
  },
  markSpec('unhold', 'Allow a held version again', [REASON]),
]

function markSpec(
  mark: 'pin' | 'unpin' | 'hold' | 'unhold',
  summary: string,
  options: readonly OptionSpec[],
): CommandSpec {
  const example = `versions ${mark} v1.3.0`
  return {
    name: `versions ${mark}`,
    args: [['<VERSION>', 'v1.2.0']],
    summary,
    options: [...options, OUTPUT_OPTION],
    examples: [options.length === 0 ? example : `${example} --reason "5xx after deploy"`],
    load: async () => {
      const { runVersionsMark } = await import('./mark.ts')
      return (invocation) => runVersionsMark(mark, invocation)
    },
  }
}
