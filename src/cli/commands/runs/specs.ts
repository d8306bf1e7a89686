import { ALL_ENVIRONMENTS_OPTION, OUTPUT_OPTION, YES_OPTION, type CommandSpec } from '../../command.ts'
import { TAKEOVER_OPTION } from '../../questions/takeover.ts'

const OPEN_RUN = ['[RUN]', 'its id, or the beginning or end of it; default: the open one'] as const
const ANY_RUN = ['[RUN]', 'its id, or the beginning or end of it; default: the open one, else the newest'] as const
const TAKEOVER_REASON = { flags: '--reason <text>', summary: 'with --takeover: why; kept in the journal' } as const
const REASON = { flags: '--reason <text>', summary: 'why; required' } as const

export const RUN_SPECS: readonly CommandSpec[] = [
  {
    name: 'runs list',
    group: 'Rollbacks that were started',
    args: [],
    summary: 'Runs, newest first; open ones are unfinished',
    options: [{ flags: '--open', summary: 'only unfinished ones' }, ALL_ENVIRONMENTS_OPTION, OUTPUT_OPTION],
    examples: ['runs list', 'runs list --open -o json', 'runs list --all-environments'],
    load: async () => (await import('./list.ts')).runRunsList,
  },
  {
    name: 'runs show',
    args: [ANY_RUN],
    summary: 'What a run did, from its journal',
    options: [OUTPUT_OPTION],
    examples: ['runs show', 'runs show 01JK8Q4Z -o json', 'runs show 01JK8Q4Z -o ndjson'],
    load: async () => (await import('./show.ts')).runRunsShow,
  },
  {
    name: 'runs follow',
    args: [ANY_RUN],
    summary: 'Watch a run that another process works on, read-only, and end with its exit code',
    options: [OUTPUT_OPTION],
    examples: ['runs follow', 'runs follow 01JK8Q4Z -o ndjson'],
    load: async () => (await import('./follow.ts')).runRunsFollow,
  },
  {
    name: 'runs resume',
    args: [OPEN_RUN],
    summary: 'Resume an open run in the direction that it had decided',
    options: [
      {
        flags: '--only <format[:registry]>',
        summary: 'only these steps; the run stays open for the others',
        repeatable: true,
      },
      { flags: '--wait', summary: 'when only manual steps are left: wait until they are done' },
      { flags: '--interval <duration>', summary: 'with --wait: between two reads; default: 60s' },
      TAKEOVER_OPTION,
      TAKEOVER_REASON,
      YES_OPTION,
      OUTPUT_OPTION,
    ],
    examples: [
      'runs resume',
      'runs resume 01JK8Q4Z --yes -o json',
      'runs resume --only npm',
      'runs resume 01JK8Q4Z --wait',
    ],
    load: async () => (await import('./resume.ts')).runRunsResume,
  },
  {
    name: 'runs undo',
    args: [ANY_RUN],
    summary: 'Restore what a run found before it wrote',
    options: [
      { flags: '--reason <text>', summary: 'why, for the history' },
      TAKEOVER_OPTION,
      YES_OPTION,
      OUTPUT_OPTION,
    ],
    examples: ['runs undo 01JK8Q4Z --reason "it was not the deploy"', 'runs undo --yes -o json'],
    load: async () => (await import('./undo.ts')).runRunsUndo,
  },
  {
    name: 'runs skip',
    args: [
      ['<RUN>', 'its id, or the beginning or end of it'],
      ['<STEP>', 'as `runs show -o json` and `runs resume` name it'],
    ],
    summary: 'Skip one step of an open run, so that resume can finish',
    options: [REASON, TAKEOVER_OPTION, OUTPUT_OPTION],
    examples: ['runs skip 01JK8Q4Z npm:myapp@https://npm.example.com --reason "package was unpublished"'],
    load: async () => {
      const { runRunsDecide } = await import('./decide.ts')
      return (invocation) => runRunsDecide('skip', invocation)
    },
  },
  {
    name: 'runs overwrite',
    args: [
      ['<RUN>', 'its id, or the beginning or end of it'],
      ['<STEP>', 'as `runs show -o json` and `runs resume` name it'],
    ],
    summary: 'Let resume or undo write over a change of another person, as it is now',
    options: [REASON, TAKEOVER_OPTION, OUTPUT_OPTION],
    examples: ['runs overwrite 01JK8Q4Z npm:myapp@https://npm.example.com --reason "a bot, switched off"'],
    load: async () => {
      const { runRunsDecide } = await import('./decide.ts')
      return (invocation) => runRunsDecide('overwrite', invocation)
    },
  },
  {
    name: 'runs abort',
    args: [OPEN_RUN],
    summary: 'End an open run as it stands; a person does the rest',
    options: [REASON, TAKEOVER_OPTION, YES_OPTION, OUTPUT_OPTION],
    examples: ['runs abort 01JK8Q4Z --reason "finished manually" --yes'],
    load: async () => (await import('./abort.ts')).runRunsAbort,
  },
  {
    name: 'runs keys',
    args: [],
    summary: 'The key that signs your runs on this machine, and the keys of colleagues that you trust',
    options: [OUTPUT_OPTION],
    examples: ['runs keys', 'runs keys -o json'],
    load: async () => (await import('./keys.ts')).runRunsKeys,
  },
  {
    name: 'runs trust-key',
    args: [['<KEY>', 'as `runs keys` prints it on the machine of the colleague']],
    summary: 'Let runs that a colleague signed in a shared folder count as yours',
    options: [{ flags: '--name <text>', summary: 'whose key it is, for lists' }, OUTPUT_OPTION],
    examples: ['runs trust-key ed25519:Mx5nE1t0Wq7iBfT9cZkU2vHsR8yLpJ4gDa6oKbNwXeI --name "alice on build-1"'],
    load: async () => (await import('./keys.ts')).runRunsTrustKey,
  },
]
