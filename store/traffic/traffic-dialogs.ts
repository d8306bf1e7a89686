import type { DeployCommand, DeployPlan } from '../../src/domain/traffic/deploy-plan.ts'
import { allTo, splitText } from '../../src/domain/traffic/traffic.ts'
import type { DeployPosition } from '../../src/events/deploy-view.ts'
import type { CommandContext } from '../command-context.ts'

interface TrafficDialogParts {
  readonly planSwitch: () => Promise<DeployPlan | undefined>
  readonly startSwitch: (reason: string) => void
  readonly sendCommand: (command: DeployCommand, reason: string, seen: DeployPosition) => Promise<void>
  readonly resumeDeploy: () => void
}

type Asked = Exclude<DeployCommand, 'pause'>

/** What the operator is asked before traffic moves. */
export function trafficDialogs({ state, confirm }: CommandContext, parts: TrafficDialogParts) {
  return {
    confirmCommand(command: Asked): void {
      const deploy = state().traffic?.deploy
      if (!deploy) return
      const { plan, expected, foreign, position, askedSeq } = deploy
      const { title, fact, label } = command === 'take-theirs' && deploy.direction === 'back' ? LEAVE : WORDS[command]
      const version = plan.version === '' ? plan.slot : plan.version
      confirm({
        title: title(version),
        facts: [
          `Now ${splitText(deploy.traffic?.split ?? expected)}.`,
          fact({ ...deploy, foreign: foreign ?? expected }),
        ],
        warnings: deploy.question === null ? [] : [deploy.question.detail],
        reasonMode: 'optional',
        label,
        accept: (reason) => void parts.sendCommand(command, reason, { position, askedSeq }),
      })
    },
    confirmResumeDeploy(): void {
      const deploy = state().traffic?.deploy
      if (!deploy) return
      confirm({
        title: `Go on with ${deploy.plan.kind === 'deploy' ? `the deploy of ${deploy.plan.version}` : 'the shift'}`,
        facts: [
          'Its process is gone. The balancer is read first, then the deploy continues where it stood.',
          'Deadlines continue from where they are.',
        ],
        label: 'Go on',
        accept: parts.resumeDeploy,
      })
    },
    async confirmSwitch(): Promise<void> {
      const plan = await parts.planSwitch()
      if (!plan) return
      confirm({
        title: `Send everybody to ${plan.slot}${plan.version === '' ? '' : ` (${plan.version})`}`,
        facts: [
          `${splitText(plan.before)}  →  ${splitText(allTo(plan.slot))}`,
          'Its checks run first and must pass. The registries stay as they are.',
        ],
        warnings: plan.warnings,
        reasonMode: 'optional',
        expected: plan.version === '' ? plan.slot : plan.version,
        label: 'Switch',
        accept: parts.startSwitch,
      })
    },
  }
}

interface Words {
  readonly title: (version: string) => string
  readonly fact: (deploy: {
    readonly plan: DeployPlan
    readonly expected: DeployPlan['before']
    readonly foreign: DeployPlan['before']
  }) => string
  readonly label: string
}

/** On the way back the deploy may end where it stands, without a change from outside. */
const LEAVE: Words = {
  title: () => 'End the deploy and leave the traffic where it stands',
  fact: () => 'Nothing more is moved: the split above stays as it is.',
  label: 'Leave it',
}

const WORDS: Readonly<Record<Asked, Words>> = {
  promote: {
    title: (version) => `Promote ${version}`,
    fact: () => 'It goes on with the next step, whatever it waits for.',
    label: 'Promote',
  },
  resume: {
    title: (version) => `Go on with ${version}`,
    fact: () => 'It goes on where it was paused; what failed is done again.',
    label: 'Go on',
  },
  'take-theirs': {
    title: () => 'Keep the traffic as it was changed from outside',
    fact: ({ foreign }) => `${splitText(foreign)} is kept from now on.`,
    label: 'Take theirs',
  },
  'put-ours-back': {
    title: () => 'Put the traffic back as the deploy left it',
    fact: ({ expected }) => `${splitText(expected)} is written again.`,
    label: 'Put back',
  },
  abort: {
    title: (version) => `Take the traffic away from ${version}`,
    fact: ({ plan }) => `Everything goes back to ${splitText(plan.before)}, and the deploy ends.`,
    label: 'Send back',
  },
}
