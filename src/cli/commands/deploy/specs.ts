import type { DeployCommand } from '../../../domain/traffic/deploy-plan.ts'
import { OUTPUT_OPTION, YES_OPTION, type CommandSpec, type RunCommand } from '../../command.ts'
import { TAKEOVER_OPTION } from '../../questions/takeover.ts'

const REASON = { flags: '--reason <text>', summary: 'why, for the journal and the history' } as const
const DRY_RUN = { flags: '--dry-run', summary: 'show the plan and write nothing' } as const

async function trafficCommand(command: Exclude<DeployCommand, 'take-theirs' | 'put-ours-back'>): Promise<RunCommand> {
  const { runTrafficCommand: runTrafficTell } = await import('./traffic-command.ts')
  return (invocation) => runTrafficTell(command, invocation)
}

const TAKEOVER = [TAKEOVER_OPTION, { flags: '--deploy <id>', summary: 'with --takeover: which one' }] as const

/** Blue-green: a version into the idle slot, and traffic between the two. */
export const DEPLOY_SPECS: readonly CommandSpec[] = [
  {
    name: 'deploy',
    takesNewEnvironment: true,
    args: [],
    summary: 'Bring a version into the idle slot, check it there, and move traffic to it step by step',
    options: [
      { flags: '--version <version>', summary: 'default: the git tag that is checked out, else that of bagboy.yaml' },
      { flags: '--commit <sha>', summary: 'default: the commit that is checked out' },
      REASON,
      DRY_RUN,
      { flags: '--lock-wait <duration>', summary: 'wait this long for another operator, as 30s' },
      { flags: '-y, --yes', summary: 'start without asking; gates and pauses still wait for a person' },
      OUTPUT_OPTION,
    ],
    examples: ['deploy --version v1.4.0 --dry-run', 'deploy --version v1.4.0 --yes -o ndjson', 'deploy'],
    load: async () => (await import('./deploy.ts')).runDeploy,
  },
  {
    name: 'traffic status',
    group: 'Traffic between the two slots',
    args: [],
    summary: 'The share of each slot, as the balancer reports it, and the open deploy',
    options: [{ flags: '--watch', summary: 'follow the open deploy until it ends' }, OUTPUT_OPTION],
    examples: ['traffic status', 'traffic status -o json', 'traffic status --watch'],
    load: async () => (await import('./traffic-status.ts')).runTrafficStatus,
  },
  {
    name: 'traffic shift',
    args: [['<PERCENT>', 'whole percent for the slot that is not the live one, or for --slot']],
    summary: 'Move traffic manually; a slot that gains has to pass its checks',
    options: [
      { flags: '--slot <slot>', summary: 'blue or green', choices: ['blue', 'green'] },
      REASON,
      DRY_RUN,
      YES_OPTION,
      OUTPUT_OPTION,
    ],
    examples: ['traffic shift 10 --yes', 'traffic shift 0 --yes --reason "errors"', 'traffic shift 100 --slot blue'],
    load: async () => (await import('./traffic-shift.ts')).runTrafficShift,
  },
  {
    name: 'traffic switch',
    args: [],
    summary: 'Send all traffic to the other slot, after its checks',
    options: [REASON, DRY_RUN, YES_OPTION, OUTPUT_OPTION],
    examples: ['traffic switch --dry-run', 'traffic switch --yes --reason "blue is full"'],
    load: async () => (await import('./traffic-shift.ts')).runTrafficSwitch,
  },
  {
    name: 'traffic promote',
    args: [],
    summary: 'Let the open deploy continue past its gate, its pause or its question',
    options: [REASON, OUTPUT_OPTION],
    examples: ['traffic promote'],
    load: () => trafficCommand('promote'),
  },
  {
    name: 'traffic pause',
    args: [],
    summary: 'Pause the open deploy before its next step',
    options: [REASON, OUTPUT_OPTION],
    examples: ['traffic pause --reason "look at the graphs first"'],
    load: () => trafficCommand('pause'),
  },
  {
    name: 'traffic resume',
    args: [],
    summary: 'Resume the open deploy after a pause or a failure, also when its process is gone',
    options: [
      { flags: '--theirs', summary: 'accept the traffic as another person set it, and continue from there' },
      { flags: '--ours', summary: 'restore what the deploy had written' },
      REASON,
      ...TAKEOVER,
      OUTPUT_OPTION,
    ],
    examples: ['traffic resume', 'traffic resume --theirs', 'traffic resume --ours'],
    load: () => trafficCommand('resume'),
  },
  {
    name: 'traffic abort',
    args: [],
    summary: 'Send all traffic back to where it was, and end the open deploy',
    options: [REASON, ...TAKEOVER, YES_OPTION, OUTPUT_OPTION],
    examples: ['traffic abort --yes --reason "wrong version"'],
    load: () => trafficCommand('abort'),
  },
]
