import { OUTPUT_OPTION, YES_OPTION, type CommandSpec } from '../../command.ts'

/** What is live, and how it gets into the history. */
export const STATE_SPECS: readonly CommandSpec[] = [
  {
    name: 'status',
    args: [],
    summary: 'Which version every registry serves now, against the history',
    options: [
      { flags: '--watch', summary: 'repeat the reads; print when a registry drifts or serves a held version' },
      { flags: '--interval <duration>', summary: 'with --watch: between two reads; default: 60s' },
      { flags: '--detailed-exitcode', summary: 'exit 3 when a registry serves something else' },
      OUTPUT_OPTION,
    ],
    examples: ['status', 'status -o json --detailed-exitcode', 'status --watch --interval 30s -o ndjson'],
    load: async () => (await import('./status.ts')).runStatus,
  },
  {
    name: 'health',
    args: [],
    summary: 'Run every health check and metric of bagboy.yaml',
    options: [
      { flags: '--watch', summary: 'repeat them, and print what changes' },
      { flags: '--gate', summary: 'exit 5 when a critical check fails, 6 when the result is inconclusive' },
      OUTPUT_OPTION,
    ],
    examples: ['health', 'health --gate -o json', 'health --watch -o ndjson'],
    load: async () => (await import('./health.ts')).runHealth,
  },
  {
    name: 'record',
    takesNewEnvironment: true,
    args: [],
    summary: 'Record what was just deployed in the history, with pins',
    options: [
      { flags: '--version <version>', summary: 'default: the git tag that is checked out, else that of bagboy.yaml' },
      { flags: '--commit <commit>', summary: 'a commit, tag or branch of the checkout; default: what is checked out' },
      {
        flags: '--package <format=registry>',
        summary: 'default: the configured registries; of the live version: record only these again',
        repeatable: true,
      },
      {
        flags: '--slot <slot>',
        summary: 'the slot that runs it, where traffic moves between two',
        choices: ['blue', 'green'],
      },
      { flags: '--notes <text>', summary: 'kept with the entry' },
      { flags: '-y, --yes', summary: 'record it also when the registries serve something else' },
      OUTPUT_OPTION,
    ],
    examples: [
      'record',
      'record --version v1.3.0 --commit "$GITHUB_SHA"',
      'record --package npm=https://npm.example.com',
    ],
    load: async () => (await import('./record.ts')).runRecord,
  },
]

/** What keeps the project in order. */
export const UPKEEP_SPECS: readonly CommandSpec[] = [
  {
    name: 'lock status',
    group: 'The lock that keeps two operators apart',
    takesNewEnvironment: true,
    args: [],
    summary: 'The holder of the lock of this environment, and since when',
    options: [OUTPUT_OPTION],
    examples: ['lock status', 'lock status -o json'],
    load: async () => (await import('./lock-status.ts')).runLockStatus,
  },
  {
    name: 'lock release',
    takesNewEnvironment: true,
    alias: 'break',
    args: [['<EPOCH>', 'as `lock status` shows it']],
    summary: 'Declare the holder of a lock gone; if it wakes up, it stops before it changes anything',
    options: [
      { flags: '--reason <text>', summary: 'why; required, kept in the journal of the run' },
      { flags: '-y, --yes', summary: 'without asking, and even when the holder is alive and at work' },
      OUTPUT_OPTION,
    ],
    examples: [
      'lock release 12 --reason "laptop-7 was switched off"',
      'lock break 12 --yes --reason "wrong version, stopped by phone"',
    ],
    load: async () => (await import('./lock-release.ts')).runLockRelease,
  },
  {
    name: 'history verify',
    group: 'The file of the deployment history',
    takesNewEnvironment: true,
    args: [],
    summary: 'Check every byte that the history depends on: the file, its records, copies and journals',
    options: [OUTPUT_OPTION],
    examples: ['history verify', 'history verify -o json'],
    load: async () => (await import('./history-verify.ts')).runHistoryVerify,
  },
  {
    name: 'history repair',
    takesNewEnvironment: true,
    args: [],
    summary: 'Propose a repair of a history that cannot be read, as a difference to accept',
    options: [
      { flags: '--dry-run', summary: 'only show it' },
      { flags: '--detailed-exitcode', summary: 'with --dry-run: exit 3 when there is something to repair' },
      YES_OPTION,
      OUTPUT_OPTION,
    ],
    examples: ['history repair --dry-run', 'history repair'],
    load: async () => (await import('./history-repair.ts')).runHistoryRepair,
  },
  {
    name: 'config check',
    group: 'The configuration',
    takesNewEnvironment: true,
    args: [],
    summary: 'Check bagboy.yaml and the history, and print the resulting settings',
    options: [OUTPUT_OPTION],
    examples: ['config check', 'config check --config ci/bagboy.yaml -o json'],
    load: async () => (await import('./config-check.ts')).runConfigCheck,
  },
  {
    name: 'demo',
    args: [],
    summary: 'Try an incident in a sandbox: real tap and bucket, local registries, a bad release',
    options: [
      {
        flags: '--scenario <name>',
        summary: 'bad-release (default), blue-green (a service in two slots as well) or no-safe-target',
      },
    ],
    examples: ['demo', 'demo --scenario blue-green'],
    load: async () => (await import('./demo.ts')).runDemo,
  },
]
