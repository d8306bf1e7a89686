import { OUTPUT_OPTION, YES_OPTION, type CommandSpec } from '../../command.ts'

const TARGET = 'v1.2.0, @12 (history id), ~1 (one back), previous, or last-good (the default)'

export const ROLLBACK_SPECS: readonly CommandSpec[] = [
  {
    name: 'rollback',
    args: [['[TARGET]', TARGET]],
    summary: 'Take a release back on every registry',
    options: [
      { flags: '--version <version>', summary: 'the same as TARGET' },
      { flags: '--only <format[:registry],…>', summary: 'these registries alone', repeatable: true },
      { flags: '--except <format[:registry],…>', summary: 'all registries but these', repeatable: true },
      { flags: '--reason <text>', summary: 'why, for the history and the hold' },
      { flags: '--incident <url>', summary: 'the incident this belongs to' },
      { flags: '--override <code,…>', summary: 'continue despite these findings; needs --reason', repeatable: true },
      { flags: '--auto', summary: 'decide by health: roll back when a trigger of bagboy.yaml is met' },
      { flags: '--watch', summary: 'with --auto: keep watching, and act when a trigger is met' },
      { flags: '--for <duration>', summary: 'with --watch: end after this long; exit 0 when the version was healthy' },
      { flags: '--until-healthy', summary: 'with --watch: the same for analysis.window' },
      {
        flags: '--health-window <duration>',
        summary: 'watch the target this long, instead of analysis.window; 0s = not',
      },
      { flags: '--dry-run', summary: 'show the whole plan and write nothing' },
      { flags: '--detailed-exitcode', summary: 'with --dry-run: exit 3 when something would change' },
      { flags: '--plan-out <file>', summary: 'save the plan for `apply`' },
      { flags: '--lock-wait <duration>', summary: 'wait this long for another operator, as 30s' },
      { flags: '--timeout <duration>', summary: 'for one registry, as 10m' },
      YES_OPTION,
      OUTPUT_OPTION,
    ],
    examples: [
      'rollback                                   # opens the app on the plan',
      'rollback --dry-run',
      'rollback v1.2.0 --yes --reason "5xx after deploy"',
      'rollback ~1 --only npm,docker --yes -o json',
      'rollback --auto -o json',
      'rollback --auto --watch',
      'rollback --auto --watch --for 30m -o ndjson',
      'rollback --plan-out plan.json',
    ],
    load: async () => (await import('./rollback.ts')).runRollback,
  },
  {
    name: 'apply',
    args: [['<PLAN>', 'a file that --plan-out wrote']],
    summary: 'Run a saved plan; it is refused when a registry moved since',
    options: [
      { flags: '--reason <text>', summary: 'why, instead of the reason in the plan' },
      YES_OPTION,
      OUTPUT_OPTION,
    ],
    examples: ['apply plan.json', 'apply plan.json --yes -o ndjson'],
    load: async () => (await import('./apply.ts')).runApply,
  },
]
